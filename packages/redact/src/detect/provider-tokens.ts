import type { Span } from "../span.ts";
import { secretsIn } from "./matches.ts";
import { shannonBits } from "./value-kind.ts";

/**
 * Tokens that say by their form whose they are. The rule set knows most of them at full length;
 * here they are also found when cut short, when longer than their makers wrote down, and when a
 * sibling of a known kind.
 */
export function findProviderTokens(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(prefixed)) {
    const body = match[2] ?? "";
    if (!isTokenBody(body)) continue;
    spans.push({ start: match.index, end: match.index + match[0].length, kind: "provider_token" });
  }
  return [...spans, ...shaped.flatMap((pattern) => secretsIn(text, pattern, "provider_token"))];
}

// Written in pieces, so that no scanner takes this file for a leak.
const prefixes = [
  "gh[pousr]_",
  "github_pat_",
  "glpat-",
  "gl(?:dt|rt|ptt|agent|soat|imt|ft|cbt|oas)-",
  "npm_",
  "pypi-",
  "sk-(?:ant-|proj-|or-v1-|svcacct-|admin-|lf-)?",
  "pk-lf-",
  "xox[abceoprs]-",
  "xoxe\\.xox[bp]-",
  "xapp-",
  "(?:sk|rk|pk)_(?:live|test|prod)_",
  "whsec_",
  "dop_v1_",
  "do[or]_v1_",
  "shp(?:at|ca|pa|ss|tka)_",
  "sq0(?:atp|csp|idp)-",
  "NRAK-",
  "NRJS-",
  "NRI[IQ]-",
  "glsa_",
  "glc_",
  "glsoat-",
  "lin_api_",
  "lin_oauth_",
  "hf_",
  "api_org_",
  "gsk_",
  "r8_",
  "ntn_",
  "secret_(?=[A-Za-z0-9]{24})",
  "hv[sbr]\\.",
  "vcp_",
  "vercel_",
  "dapi",
  "dckr_(?:pat|oat)_",
  "figd_",
  "tskey-(?:auth-|api-|client-|webhook-)?",
  "ops_ey",
  "A3-",
  "sbp_",
  "sb_secret_",
  "rnd_",
  "fly[vo]1_",
  "FlyV1 ",
  "FO1_",
  "PMAK-",
  "rubygems_",
  "CFPAT-",
  "phc_",
  "phx_",
  "pscale_(?:tkn|pw|oauth)_",
  "oy2",
  "sntrys_",
  "sntryu_",
  "EZ[AT]K",
  "AGE-SECRET-KEY-1",
  "ATATT3",
  "ATCTT3",
  "ATBB",
  "key-(?=[0-9a-f]{12})",
  "xkeysib-",
  "xsmtpsib-",
  "cio_",
  "nvapi-",
  "fio-u-",
  "tvly-",
  "pcsk_",
  "fc-(?=[0-9a-f]{24})",
  "co_",
  "AIza",
  "ya29\\.",
  "GOCSPX-",
  "1//0",
  "EAA[A-Z]",
  "IGQ[A-Z]",
  "AAAA(?=[\\w-]{7}:)",
  "SG\\.",
  "LTAI",
  "AKID",
  "AKLT",
  "JDC_",
  "K00[0-9]",
  "ddp_",
  "doo_",
  "ionic_",
  "cloudflare_",
  "v1\\.0-[0-9a-f]{8,24}-",
  "p8e-",
  "t1\\.",
  "y[0-3]_",
  "AQVN",
  "ctp_",
  "bkua_",
  "rpa_",
  "lsv2_(?:pt|sk)_",
  "e2b_",
  "sgp_",
  "doppler_",
  "dp\\.(?:pt|st|ct|sa|scim|audit)\\.",
  "ey(?:JhbGci|JraWQi|J0eXAi)",
  "tfp_",
  "api-(?=[0-9A-F]{16})",
  "akp_",
  "bws_",
  "mfa\\.",
  "sl\\.(?:B|u\\.)",
  "duffel_(?:test|live)_",
  "rdme_",
  "shippo_(?:live|test)_",
  "LIVE_",
  "ICI[A-Z]",
  "pul-",
  "pat[A-Za-z0-9]{14}\\.",
  "key(?=[A-Za-z0-9]{14}\\b)",
];
const prefixed = new RegExp(
  `(?<![A-Za-z0-9])(${prefixes.join("|")})([A-Za-z0-9_\\-+/=.~%]{6,})`,
  "g",
);

/** What follows a prefix of a provider is random, or cut so short that it cannot be told. */
function isTokenBody(body: string): boolean {
  if (/^[a-z]+(?:[_.-][a-z]+)*$/.test(body)) return body.length >= 24 && !/[_.-]/.test(body);
  if (!/\d/.test(body) && !/[a-z][A-Z]|[A-Z][a-z]/.test(body)) return body.length >= 20;
  return body.length < 10
    ? /\d/.test(body) && /[A-Za-z]/.test(body)
    : shannonBits(body.slice(0, 200)) > 2.2;
}

const shaped = [
  // DingTalk's signing secret, Heroku's key.
  /(?<![A-Za-z0-9])SEC[0-9a-f]{64}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])HRKU-[\w-]{30,100}/g,
  // Whoever else's: a short word, then what only chance writes.
  /(?<![\w./-])[a-z]{2,8}[-_](?:[a-z0-9]{1,8}[-_])?(?=[A-Za-z0-9_-]{0,60}[A-Z])(?=[A-Za-z0-9_-]{0,60}\d)[A-Za-z0-9]{32,512}(?![\w.-])/g,
  // Amazon's secret next to its key id.
  /(?:AKIA|ASIA)[A-Z0-9]{16}[\s:,;'"|/]{1,8}(?:[\w ]{1,30}[:=]\s?["']?)?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/g,
  // Amazon's key ids, whole or cut by the text's end.
  /(?<![A-Z0-9])(?:A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![a-z0-9])/g,
  /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{4,15}(?=\s*$|\n)/g,
  // Telegram: the bot's number, then its token.
  /(?<!\d)\d{8,10}:AA[\w-]{20,}/g,
  // Discord: three parts, the first a number in base64.
  /(?<![\w.-])[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{25,}/g,
  // Twilio: account and key ids.
  /(?<![A-Za-z0-9])(?:AC|SK)[0-9a-f]{32}(?![A-Za-z0-9])/g,
  // Terraform Cloud.
  /(?<![\w.])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{10,}/g,
  // NATS: seeds of operators, accounts, users, clusters, servers and curves.
  /(?<![A-Z0-9])S[OAUCNX][A-Z2-7]{56}(?![A-Z0-9])/g,
  /(?<![A-Z0-9])S[OAUCNX][A-Z2-7]{30,55}(?=\s*$|\n)/g,
  // Bitcoin: keys in wallet form, and extended private keys.
  /(?<![A-Za-z0-9])(?:[KL][1-9A-HJ-NP-Za-km-z]{51}|5[HJK][1-9A-HJ-NP-Za-km-z]{49})(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{50,}/g,
  // Incoming webhooks, whose address is the secret.
  /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[A-Za-z0-9/_+-]{8,}/gi,
  /(?<=\/services\/)T[A-Z0-9]{7,12}\/B[A-Z0-9]{7,12}\/[A-Za-z0-9]{8,40}/g,
  /(?<=discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/)\d{5,}\/[\w-]{8,}/gi,
  /(?<=webhook\.office\.com\/webhookb2\/)[\w@/-]{16,}/gi,
  /(?<=api\.telegram\.org\/(?:file\/)?bot)[\w:-]{10,}/gi,
  /(?<=(?:oapi\.dingtalk\.com\/robot\/send\?access_token=|qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=|open\.(?:feishu|larksuite)\.(?:cn|com)\/open-apis\/bot\/v2\/hook\/))[\w-]{8,}/gi,
  /(?<=(?:outlook\.office\.com\/webhook|hooks\.zapier\.com\/hooks\/catch|maker\.ifttt\.com\/trigger\/[\w-]{1,40}\/with\/key|events\.pagerduty\.com\/integration)\/)[\w@/-]{8,}/gi,
];
