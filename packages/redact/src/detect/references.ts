/** What a template, a language or a tool puts a secret in the place of: where it is kept. */
export function isReference(value: string): boolean {
  return references.some((pattern) => pattern.test(value));
}

const references = [
  // YAML: null, and tags that fetch.
  /^~$/,
  /^!(?:vault|reference|secret|env_var|env|include|sub|ref|getatt|var|file|importvalue|findinmap|join|ssm|sops|keyring)(?:\s.*)?$/i,
  // Hiera, Ruby, Octopus, Concourse and Spruce, Jinja, Azure, Maven.
  /^%\{[^{}]{1,160}\}$/,
  /^#\{[^{}]{1,160}\}#?$/,
  /^\(\(\s?[\w./:" -]{1,160}(?:\)\))?$/,
  /^\[\[\s?[\w./ -]{1,80}\]\]$/,
  /^\{%.{0,80}%\}$|^\{%-?$/,
  /^\$\[[\w.]{1,80}\]$/,
  /^@{1,2}(?:[a-z]+(?:[_.][a-z]+)+|[A-Z]+(?:[_.][A-Z]+)+)@{1,2}$/,
  /^__[A-Z][A-Z0-9_]*__$/,
  /^\$[A-Z_][A-Z0-9_]*\$$/,
  // Puppet, Terraform.
  /^\$(?:::)?[a-z]\w*(?:::\w+)+$/,
  /^[a-z]\w*(?:\.[a-z_]\w*){1,5}\.(?:\w*(?:password|passwd|secret|secret_string|token|api_key|access_key)|result)$/,
  // Vaults by scheme.
  /^(?:ref\+)?[a-z][\w+-]{1,24}:\/[\w./#~-]{1,200}$/,
  /^(?:aws-?(?:sm|ssm|secretsmanager)|gcp-?sm|gsm|akv|azure-?kv|conjur|keyring|keychain|keepass|bws|bitwarden|1password|doppler|infisical|secretref|sops|env|file):[\w./:#-]{1,160}$/i,
  /^projects\/[\w-]{1,60}\/secrets\/[\w-]{1,200}(?:\/versions\/\w{1,20})?$/,
  /^(?:secretKeyRef|secretRef|valueFrom|existingSecret)$/,
  // Types in Rust.
  /^&(?:'[a-z]+\s)?(?:mut\s)?\[?(?:str|String|u8|Path|OsStr)\]?[,)]{0,2}$/,
  // What a command reads.
  /^cat\s[~./][~./\w-]{1,200}$/,
];
