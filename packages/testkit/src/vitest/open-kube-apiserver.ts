import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../find-program.ts";
import { freePorts } from "../free-port.ts";
import { awaitReady } from "../servers/await-ready.ts";
import { startChild } from "../servers/child-server.ts";
import { ServersError } from "../servers/servers-error.ts";

/** A real kube-apiserver with an etcd of its own. Nothing schedules or runs pods. */
export type KubeApiserver = AsyncDisposable & {
  readonly url: string;
  /** Of the server itself, made by it: good for a stand-in of a kubelet, too. */
  readonly certificateFile: string;
  readonly keyFile: string;
};

const readyWithinMs = 90_000;

/**
 * Starts one on free ports of loopback.
 *
 * @param program the path of a kube-apiserver, 1.20 or later.
 * @param users user and groups, `alice` or `admin,system:masters`, by bearer token.
 */
export async function openKubeApiserver(
  program: string,
  users: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<KubeApiserver> {
  const etcd = findProgram(["etcd"], process.env);
  if (etcd === undefined) throw new ServersError("etcd is missing: apt-get install etcd-server");
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "kube-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const ports = await freePorts(["etcd", "peer", "api"]);
  const at = (port: number) => `http://127.0.0.1:${port}`;
  stack.use(
    await startChild({
      name: "etcd",
      program: etcd,
      args: [
        "--unsafe-no-fsync",
        `--data-dir=${join(folder, "etcd")}`,
        `--listen-client-urls=${at(ports.etcd)}`,
        `--advertise-client-urls=${at(ports.etcd)}`,
        `--listen-peer-urls=${at(ports.peer)}`,
        `--initial-advertise-peer-urls=${at(ports.peer)}`,
        `--initial-cluster=default=${at(ports.peer)}`,
      ],
      logFile: join(folder, "etcd.log"),
      recordFile: join(folder, "etcd.pid"),
    }),
  );
  const api = stack.use(
    await startChild({
      name: "kube-apiserver",
      program,
      args: argumentsOf(folder, ports.api, at(ports.etcd), users),
      logFile: join(folder, "apiserver.log"),
      recordFile: join(folder, "apiserver.pid"),
    }),
  );
  const url = `https://127.0.0.1:${ports.api}`;
  const [token = ""] = Object.keys(users);
  const probe = () => expectOk(`${url}/api/v1/namespaces/default`, token);
  await awaitReady("kube-apiserver", api, probe, readyWithinMs, signal);
  const kept = stack.move();
  return {
    url,
    certificateFile: join(folder, "certificates", "apiserver.crt"),
    keyFile: join(folder, "certificates", "apiserver.key"),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function argumentsOf(
  folder: string,
  port: number,
  etcd: string,
  users: Readonly<Record<string, string>>,
): string[] {
  const tokens = Object.entries(users).map(([token, user]) => {
    const [name, ...groups] = user.split(",");
    return `${token},${name},${name},"${groups.join(",")}"`;
  });
  writeFileSync(join(folder, "tokens.csv"), `${tokens.join("\n")}\n`);
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  writeFileSync(join(folder, "sa.key"), privateKey.export({ type: "pkcs1", format: "pem" }));
  writeFileSync(join(folder, "sa.pub"), publicKey.export({ type: "spki", format: "pem" }));
  return [
    `--etcd-servers=${etcd}`,
    `--secure-port=${port}`,
    "--bind-address=127.0.0.1",
    `--cert-dir=${join(folder, "certificates")}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${join(folder, "sa.key")}`,
    `--service-account-key-file=${join(folder, "sa.pub")}`,
    "--service-cluster-ip-range=10.0.0.0/24",
    "--disable-admission-plugins=ServiceAccount",
    "--kubelet-preferred-address-types=InternalIP",
  ];
}

function expectOk(url: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(
      url,
      { headers, rejectUnauthorized: false, timeout: 5_000 },
      (response) => {
        response.resume();
        if (response.statusCode === 200) resolve();
        else reject(new Error(`HTTP ${response.statusCode}`));
      },
    );
    asked.once("timeout", () => asked.destroy(new Error("no answer")));
    asked.once("error", reject).end();
  });
}
