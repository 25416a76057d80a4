import type { Span } from "../span.ts";
import { findInArgumentLists } from "./argument-lists.ts";
import { isHexKey } from "./hex-keys.ts";
import { secretsIn, valuesBehind } from "./matches.ts";
import { nameLevel } from "./sensitive-name.ts";
import { isPlaceholder, isSecretValue, isStateWord } from "./value-kind.ts";

/** Secrets in the arguments of commands, in statements of SQL and in settings without a sign. */
export function findInCommands(text: string): Span[] {
  const inOptions = (command: string) => [...longOptions(command), ...shortOptions(command)];
  return [
    ...inOptions(text),
    ...findInArgumentLists(text, inOptions),
    ...configured(text),
    ...storedByName(text),
    ...namesAsTokens(text),
    ...statements(text),
    ...passwordFiles(text),
  ];
}

/** `--password x`, `-token x`. */
function longOptions(text: string): Span[] {
  return valuesBehind(
    text,
    /(?<![\w-])--?([A-Za-z][\w.-]{2,60})(?:[ \t]{1,4}|["'],\s{0,4})(?=[^\s-]|-[^-\s])/g,
    "command_line",
    (content, [, name = ""], { quoted }) => {
      const level = nameLevel(name);
      if (isHexKey(name, content)) return true;
      if (/^-[A-Za-z]$/.test(content)) return false;
      return level !== undefined && level !== "weak" && isSecretValue(content, level, quoted);
    },
  );
}

// Each ends where the secret begins; a first group, where there is one, says what else must hold.
const commands = [
  // Object stores of Chinese clouds, brokers and scanners that take it behind a letter.
  /(?<![\w-])(?:obsutil|ossutil(?:64|mac64)?|coscmd|coscli|qshell|bcecmd|s3cmd|mc)\b[^\n|;]{0,300}?\s-(?:k|sk|secret)[ =]{1,4}(?=["']?\w{16,})/g,
  /(?<![\w-])(?:mosquitto_\w+|mqttx?|nmcli|tnftp|ncftp\w*|vncviewer|winexe|rdesktop|crackmapexec|evil-winrm|smbmap|rpcclient|mssql-cli|isql|tsql|kinit|ldapvi|knife|sshuttle|mountpoint|iscsiadm|rabbitmq\w*|zabbix_\w+|7za?|rar|unrar|pdftk|qpdf|impacket-\w+)\b[^\n|;]{0,300}?\s-{1,2}(?:P|p|pw|hp|passwd|upass|admin-pw)[ ]{0,2}(?=[^\s-]\S{3,})/g,
  /(?<![\w-])(?:xfreerdp3?|wfreerdp|freerdp|rdesktop|mstsc|net use|cmdkey|runas|schtasks|psexec(?:64)?)\b[^\n]{0,300}?\s\/(?:p|pass|gp|rp):(?=\S)/gi,
  /(?<![\w-])(?:sqlplus|expdp|impdp|exp|imp|sqlldr|rman|tnsping|sqlcl|dgmgrl|asmcmd)\s[^\n|;]{0,120}?(?<=[\s=])["']?[\w$#.]{1,64}\/(?=["']?[^\s/@"']{3,}[^\n]{0,60}@|"[^"\n]{3,64}"@)/gi,
  /\w\[[a-z]{2,10}:\/\/[^\s,[\]]{0,120},[\w.@-]{1,60},(?=[^\s,\]]{5,64}\])/g,
  /(?<![\w-])(?:ssh-keygen|ipmitool|ykman|keytool|freerdp|xfreerdp|rdesktop|hydra|impacket-\w+)\b[^\n|;]{0,300}?\s-[PN]\s{1,4}(?=["']?[^\s"'-])/g,
  /(?<=(?:assword|passphrase|密码)[^\n]{0,200})\bsend\s{1,3}(?:--\s)?\\?(?=["'][^"'\n]{4,100}\\{1,2}[rn])/g,
  /(?<![\w-])(?:etcdctl|consul|mc|mosquitto_\w+|kcat|kafkacat|elasticdump|pgcli|nats)\b[^\n|;]{0,300}?\s(?:--user(?:name)?|--creds|-u)[ =]{1,4}["']?[^\s:"']{1,100}:(?=[^\s"'/])/g,
  /(?<![\w-])(?:mysql|mariadb|mysqldump|mysqladmin|mysqlcheck|mariadb-dump|mariadb-admin|mysqlimport|mysqlsh|mycli)\b[^\n|;]{0,300}?\s-p(?=[^\s-])/g,
  /(?<![\w-])sshpass\s{1,4}(?:-\w\s{1,4}){0,3}-p\s{0,4}(?=\S)/g,
  /(?<![\w-])(?:docker|podman|helm|crane|skopeo|oras|nerdctl|buildah)\b[^\n|;]{0,60}?\blogin\b[^\n|;]{0,200}?\s-p\s{1,4}(?=[^\s-])/g,
  /(?<![\w-])(?:zip|unzip)\s[^\n|;]{0,100}?-P\s{1,4}(?=[^\s-])/g,
  /(?<![\w-])redis-cli\b[^\n|;]{0,200}?\s-a\s{1,4}(?=\S)/g,
  /(?<![\w-])(?:ldapsearch|ldapadd|ldapmodify|ldapwhoami|ldapdelete|ldappasswd)\b[^\n|;]{0,300}?\s-w\s{0,4}(?=[^\s-])/g,
  /(?<![\w-])(?:mongo|mongosh|mongodump|mongorestore|sqlcmd|bcp|az login|oc login|cqlsh|clickhouse-client|psexec|rabbitmqadmin|influx|sqlplus|vsql|cypher-shell|airflow users create|useradd|usermod)\b[^\n|;]{0,300}?\s-[pP]\s{0,4}(?=[^\s-])/g,
  /(?<![\w-])(?:curl|wget|http|https|xh|ab|hey|siege)\b[^\n|;]{0,600}?\s(?:-u|-a|--user|--auth|--proxy-user|-U)[ =]{0,4}["']?[^\s:"']{1,100}:(?=["']?[^\s"'/])/g,
  /(?<![\w-])(?:nats|nats-sub|nats-pub|nats-req)\b[^\n|;]{0,300}?\s--password[ =]{1,4}(?=\S)/g,
  /(?<![\w-])smbclient\b[^\n|;]{0,200}?-U\s{0,4}["']?[^\s%"']{1,100}%(?=\S)/g,
  /(?<![\w-])htpasswd\s{1,4}(?:-\w+\s{1,4}){0,3}?-\w{0,3}n\w*\s{1,4}[^\s-]\S{0,100}\s{1,4}(?=\S)/g,
  /(?<![\w-])htpasswd\s{1,4}(?:-[a-mo-zA-Z]+\s{1,4}){1,4}[^\s-]\S{0,200}\s{1,4}\S{1,100}\s{1,4}(?=\S)/g,
  /(?<![\w-])(?:rabbitmqctl|ejabberdctl)\s{1,4}(?:add_user|change_password|register|authenticate_user)\s{1,4}(?:\S{1,100}\s{1,4}){1,2}?(?=\S+\s*$)/gm,
  /(?<![\w-])-pass(?:in|out)?\s{1,4}["']?pass:(?=\S)/g,
  /(?<![\w-])(?:net use)\b[^\n]{0,200}?\/user:\S{1,100}\s{1,4}(?=\S)/gi,
  /(?<=(?<![\w-])snmp\w{1,12}\s[^\n|;]{0,160})-[cAX]\s{1,4}(?=[^\s-])/g,
  /(?<![\w-])net use\b[^\n]{0,60}?\\\\\S{1,100}\s{1,4}(?=[^\s/*]\S{0,100}\s{1,4}\/user:)/gi,
  /(?<![\w-])chpasswd\b[^\n]{0,40}<<<\s{0,4}["']?[^\s:]{1,64}:(?=\S)/g,
  /(?<=echo\s{1,2}["']?[\w.-]{1,64}:)(?=[^\s"']{4,200}["']?\s{0,4}\|\s{0,4}(?:sudo\s)?chpasswd)/g,
  /(?<![\w-])echo\s{1,4}(?:-n\s)?(?=\S{4,200}\s{0,4}\|\s{0,4}(?:sudo\s+-S|docker login|(?:docker|podman) secret create|kubeseal|base64|kubectl create secret|gh auth|passwd|openssl|kinit|su\s|cryptsetup|gpg|age|smbpasswd|vault|ssh-add|podman login|helm registry|npm login|faillock))/g,
  // Those that keep what they are given under an alias, and those that read it from a here-string.
  /(?<![\w-])(?:mc|mcli)\s{1,2}(?:alias set|config host add)\s{1,4}\S{1,64}\s{1,4}\S{1,200}\s{1,4}\S{1,128}\s{1,4}(?=[^\s-])/g,
  /(?<![\w-])(?:mc|mcli)\s{1,2}admin (?:user add|user svcacct add)\s{1,4}\S{1,64}\s{1,4}\S{1,128}\s{1,4}(?=[^\s-])/g,
  /(?<![\w-])rclone\s{1,2}obscure\s{1,4}(?=[^\s-])/g,
  /(?<![\w-])config\s{1,2}(?:--?[\w-]+\s{1,2}){0,3}http-basic\.\S{1,100}\s{1,4}\S{1,100}\s{1,4}(?=[^\s-])/g,
  /(?<![\w-])bundle\s{1,2}config\s{1,2}(?:set\s{1,2})?(?:--?\w+\s{1,2}){0,3}[\w-]{1,60}(?:\.[\w-]{1,60}|__[\w-]{1,60}){1,4}\s{1,4}[^\s:]{1,64}:(?=\S)/gi,
  /(?<![\w-])dotnet\s{1,2}user-secrets\s{1,2}set\s{1,4}\S{1,120}\s{1,4}(?=[^\s-])/g,
  /(?<![\w-])(?:kinit|cryptsetup|elasticsearch-keystore|opensearch-keystore|passwd|su|sudo|gpg|ssh-add|openssl|vault|keytool|docker login|gh auth|npm login|argon2|mkpasswd|htpasswd|ldapmodify|smbpasswd|helm registry login)\b[^\n|;<]{0,200}<<<\s{0,4}(?=["']?[^\s"'$])/g,
  /(?<![\w-])(?:vault|consul|nomad)\s{1,2}(?:login|unwrap|operator unseal|unseal)\s{1,4}(?:-[\w=]+\s)*(?=[^\s-])(?!\w{1,40}=)/g,
];

function shortOptions(text: string): Span[] {
  return commands.flatMap((command) =>
    valuesBehind(
      text,
      command,
      "command_line",
      (content) => !isPlaceholder(content) && !isText(content),
    ),
  );
}

/** Base64 of a sentence: whether it tells a secret is seen in what it says. */
function isText(content: string): boolean {
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(content)) return false;
  return /^[\w.,:;!?'-]{1,20}(?:\s[\w.,:;!?'-]{1,20}){2,}\s*$/.test(
    Buffer.from(content, "base64").toString("latin1"),
  );
}

/** `npm config set //host/:_authToken x`, `git config user.password x`, `aws configure set name x`. */
function configured(text: string): Span[] {
  return valuesBehind(
    text,
    /(?<![\w-])(?:config|configure)\s{1,2}(?:(?:set|add|--?[\w-]{1,20})\s{1,2}){0,4}["']?([\w./:@-]{3,160})["']?\s{1,4}(?=[^\s=:-])/g,
    "command_line",
    (content, [, path = ""], { quoted }) => {
      const level = nameLevel(path.split(/[/.:]/).at(-1) ?? path);
      return level !== undefined && level !== "weak" && isSecretValue(content, level, quoted);
    },
  );
}

/** `--name /prod/db/pw … --value x`, `--type SecureString --value x`. */
function storedByName(text: string): Span[] {
  return valuesBehind(
    text,
    /--(?:name|key|secret-name|secret-id|parameter|param|variable|env)[ =]{1,4}["']?([\w./-]{2,120})["']?[^\n|;]{0,200}?\s--(?:value|secret-string|secret-value|data|body|content)[ =]{1,4}(?=\S)|--type[ =]SecureString[^\n|;]{0,200}?\s--value[ =]{1,4}(?=\S)|put-secret-value\b[^\n|;]{0,200}?--secret-string[ =]{1,4}(?=[^\s{])/g,
    "command_line",
    (content, [whole, name = "secret"], { quoted }) => {
      const level = whole.includes("SecureString") ? "certain" : nameLevel(lastPart(name));
      return level !== undefined && isSecretValue(content, level, quoted);
    },
  );
}

const lastPart = (path: string) => path.split("/").at(-1) ?? path;

const statementStarts = [
  /(?<=:\s{0,4})(?:PSK|EAP|XAUTH)\s{1,4}(?=["'])/g,
  /\bidentified\s{1,4}(?:with\s{1,4}["'`]?\w{1,40}["'`]?\s{1,4})?(?:by|as)\s{1,4}(?:password\s{0,4}\(?)?(?=["'\\])/gi,
  /\b(?:encrypted\s{1,4}|unencrypted\s{1,4})?password\s{1,4}(?=\\?'[^'\s]{3,200}')/gi,
  /\bset\s{1,4}password\b[^\n=]{0,80}=\s{0,4}(?:password\s{0,2}\()?(?=["'])/gi,
  /(?<![\w-])(?:requirepass|masterauth|sentinel auth-pass \S{1,60}|primaryauth)[ \t]{1,8}(?=\S)/gi,
  /(?<![\w-])machine\s{1,8}\S{1,200}\s{1,8}login\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(?=\S)/gi,
  /(?<=(?:^|\n|"|'|> |\] )\s{0,4})AUTH\s{1,4}(?:(?:default|[a-z][\w-]{1,30})\s{1,4})?(?=[^\s:]{6,})/g,
  /(?<=(?:^|\n)[ \t]{0,8}(?:login \S{1,100}\s{1,8})?)password[ \t]{1,8}(?=[^\s:=]{4,}[ \t]*(?:$|\n))/gi,
  /\b(?:enable\s{1,2}(?:secret|password)|username\s{1,2}\S{1,60}\s{1,2}(?:privilege\s\d+\s)?(?:secret|password))\s{1,2}(?:\d\s{1,2})?(?=\S{4,})/gi,
  /\bsnmp-server\s{1,2}community\s{1,2}(?=\S)/gi,
  /\bpre-shared-key\s{1,2}(?:address\s\S{1,60}\s|local\s|remote\s)?(?:\d\s)?(?=\S)/gi,
  /(?<![\w-])(?:user|auth-user-pass|rpcuser)\s+\S+\s+(?:on\s+)?>(?=\S{4,})/gi,
  /\bUSER\s+\S+\s+PASS\s+(?=\S)/g,
  /(?<=(?:^|\n|> |"|\] |: )\s{0,2})PASS\s+(?=\S{4,}[ \t]*(?:$|\n|"|\\r))/g,
];

function statements(text: string): Span[] {
  return statementStarts.flatMap((start) =>
    valuesBehind(
      text,
      start,
      "command_line",
      (content) =>
        !isPlaceholder(content) &&
        !isStateWord(content) &&
        !/^\S+\.(?:test|spec)\.|^\w+\[["']/.test(content),
    ),
  );
}

/** `curl -u <token>:`: the name is the secret, and no password follows. */
function namesAsTokens(text: string): Span[] {
  const name = /(?<=\s(?:-u|--user)[ =]{1,4}["']?)[\w-]{20,200}(?=:["']?(?:\s|$))/g;
  return secretsIn(text, name, "command_line");
}

/** `host:5432:db:user:password` of a .pgpass, and a line of /etc/passwd that holds a password. */
function passwordFiles(text: string): Span[] {
  const ofPostgres = valuesBehind(
    text,
    /(?<=(?:^|\n|\s))(?:[\w.-]{1,100}|\*):(?:5432|5433|6432|\*):(?!\d{1,6}:\d{0,6}:)(?:[\w-]{1,63}|\*):[\w.-]{1,63}:(?=\S)/g,
    "command_line",
    () => true,
  );
  const ofUnix = secretsIn(
    text,
    /(?<=^|\n)[\w.-]{1,32}:([^:\s*!]{4,128})(?=:\d{1,10}:\d{1,10}:[^:\n]{0,200}:\/[^:\n]{0,200}:)/g,
    "command_line",
  );
  return [...ofPostgres, ...ofUnix];
}
