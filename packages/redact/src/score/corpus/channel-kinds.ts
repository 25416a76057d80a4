import { password } from "./assignment-kinds.ts";
import type { SecretKindMaker } from "./planted.ts";
import { alphabets } from "./random.ts";

/** Secrets in addresses, headers and commands. */
export const channelKinds: Readonly<Record<string, SecretKindMaker>> = {
  connection_string: (random, index) => {
    const secret = random.string(12, `${alphabets.mixed}!*_`);
    const scheme = random.pick([
      "mysql",
      "postgres",
      "postgresql",
      "mongodb+srv",
      "redis",
      "rediss",
      "amqp",
      "nats",
      "https",
      "ftp",
      "clickhouse",
      "sqlserver",
    ]);
    const text =
      [
        `${scheme}://app:${secret}@db.example.com:3306/app`,
        `${scheme}://:${secret}@10.0.0.7:6379/0`,
        `cannot connect to "${scheme}://app:${secret}@db/app?ssl=true"`,
      ][index % 3] ?? "";
    return { text, secret };
  },
  driver_string: (random, index) => {
    const secret = random.string(14);
    const text =
      [
        `app:${secret}@tcp(10.0.0.7:3306)/im?parseTime=true`,
        `Server=db;Database=im;User Id=sa;Password=${secret};Encrypt=true`,
        `jdbc:mysql://db:3306/im?user=app&password=${secret}&ssl=true`,
        `host=db port=5432 user=app password=${secret} dbname=im`,
        `DefaultEndpointsProtocol=https;AccountName=im;AccountKey=${secret}==;EndpointSuffix=core.windows.net`,
        `Endpoint=sb://im.example.net/;SharedAccessKeyName=root;SharedAccessKey=${secret}=`,
        `Driver={ODBC};Uid=sa;Pwd=${secret};`,
      ][index % 7] ?? "";
    return { text, secret };
  },
  url_token: (random, index) => {
    const secret = random.string(40, alphabets.mixed);
    const text =
      [
        `https://${secret}@git.example.com/im.git`,
        `https://oauth2:${secret}@git.example.com/im.git`,
        `open https://app.example.com/reset-password/${secret} to go on`,
        `https://${random.string(32, alphabets.hex)}:${secret}@sentry.example.com/4`,
      ][index % 4] ?? "";
    return { text, secret };
  },
  cookie: (random, index) => {
    const secret = random.string(32);
    const text =
      [
        `Cookie: sid=${secret}; theme=dark`,
        `Set-Cookie: session=${secret}; Path=/; HttpOnly`,
        `"cookie":"lang=en; auth=${secret}"`,
        `curl -H 'Cookie: JSESSIONID=${secret}' http://x`,
        `headers { cookie: 'connect.sid=s%3A${secret}' }`,
      ][index % 5] ?? "";
    return { text, secret };
  },
  bearer: (random, index) => {
    const secret = random.string(24 + random.below(20), alphabets.base64url.replace("-", ""));
    const text =
      [
        `Authorization: Bearer ${secret}`,
        `"authorization":"Bearer ${secret}"`,
        `curl -H "Authorization: Bearer ${secret}" http://x`,
        `got bearer ${secret} from proxy`,
        `Authorization: Token ${secret}`,
        `authorization=${secret}`,
        `X-Auth-Token: ${secret}`,
      ][index % 7] ?? "";
    return { text, secret };
  },
  basic: (random, index) => {
    const secret = Buffer.from(`app:${password(random)}`).toString("base64");
    const text =
      [
        `Authorization: Basic ${secret}`,
        `{"auths":{"r.example.com":{"auth":"${secret}"}}}`,
        `Proxy-Authorization: Basic ${secret}`,
      ][index % 3] ?? "";
    return { text, secret };
  },
  signed_request: (random, index) => {
    const secret = random.string(64, alphabets.hex);
    const text =
      [
        `Authorization: AWS4-HMAC-SHA256 Credential=x/20261126/eu/s3/aws4_request, SignedHeaders=host, Signature=${secret}`,
        `https://b.s3.amazonaws.com/k?X-Amz-Date=20261126T000000Z&X-Amz-Signature=${secret}`,
        `https://im.blob.core.windows.net/c?sv=2024-01-01&sig=${secret.slice(0, 43)}%3D`,
      ][index % 3] ?? "";
    return { text, secret: index % 3 === 2 ? secret.slice(0, 43) : secret };
  },
  command: (random, index) => {
    const secret = random.string(12);
    const text =
      [
        `mysql -h db -uroot -p${secret} im`,
        `curl -u admin:${secret} http://x/api`,
        `sshpass -p ${secret} ssh root@host`,
        `redis-cli -h r -a ${secret} ping`,
        `docker login -u bob -p ${secret} r.example.com`,
        `PGPASSWORD=${secret} psql -h db`,
        `htpasswd -nb bob ${secret}`,
        `mongosh -u root -p ${secret} db`,
        `echo ${secret} | docker login --password-stdin`,
        `openssl enc -passin pass:${secret}`,
        `wget --http-password=${secret} http://x`,
        `ldapsearch -D cn=admin -w ${secret} -b dc=x`,
      ][index % 12] ?? "";
    return { text, secret };
  },
  statement: (random, index) => {
    const secret = random.string(12);
    const text =
      [
        `CREATE USER 'im'@'%' IDENTIFIED BY '${secret}'`,
        `ALTER USER app WITH PASSWORD '${secret}'`,
        `SET PASSWORD FOR 'bob' = '${secret}'`,
        `requirepass ${secret}`,
        `machine git.example.com login bob password ${secret}`,
        `db.example.com:5432:im:app:${secret}`,
        `GRANT ALL ON im.* TO 'a'@'%' IDENTIFIED WITH mysql_native_password BY '${secret}'`,
        `//registry.example.com/:_authToken=${secret}`,
      ][index % 8] ?? "";
    return { text, secret };
  },
  one_time: (random, index) => {
    const secret =
      [random.string(32, alphabets.base32), `${100_000 + random.below(900_000)}`][index % 2] ?? "";
    const text =
      index % 2 === 0
        ? `otpauth://totp/im:alice?secret=${secret}&issuer=im`
        : random.pick([`otp=${secret}`, `验证码：${secret}`, `verification code: ${secret}`]);
    return { text, secret };
  },
};
