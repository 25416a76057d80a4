/** Where a secret lies, not what it is: a path in words, under a known folder, or to a kind of file. */
export function isPlainPath(value: string): boolean {
  if (!/[/\\]/.test(value)) return false;
  if (!/[A-Z].*[A-Z].*[A-Z]/.test(value) && inWords.test(value)) return true;
  if (!rooted.test(value) && !ofFile.test(value)) return false;
  return value.split(/[/\\]/).every((part) => !isDense(part));
}

const inWords = /^(?:file:\/\/)?(?:[~.]{0,2}\/)?(?:[a-z_.-]{1,40}\/){1,12}[a-z_.-]{0,60}$/i;
const rooted =
  /^(?:file:\/\/)?(?:\/(?:root|home|etc|opt|usr|var|run|srv|mnt|data|tmp|app|apps|Users|secrets?|keys|certs?|vault|config|workspace|builds?)|~|\.{1,2}|\$\{?[A-Z_]{2,40}\}?|[A-Za-z]:)[/\\](?:[\w.@+-]{1,80}[/\\]){0,12}[\w.@+-]{0,100}$/;
const ofFile =
  /^(?:[\w.@-]{1,60}\/){1,8}[\w.@-]{1,80}\.(?:pem|key|crt|cer|der|pub|p12|pfx|jks|json|ya?ml|txt|env|conf|cnf|ini|toml|gpg|asc|age|keytab)$/;

/** Chance may write slashes, too. */
function isDense(part: string): boolean {
  const digits = part.match(/\d/g)?.length ?? 0;
  return part.length >= 12 && digits >= 2 && /[a-z]/.test(part) && /[A-Z]/.test(part);
}
