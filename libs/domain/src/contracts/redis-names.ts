/**
 * The prefix of all Redis keys of a deployment, as it is used: it carries one hash tag, so that every key of the deployment lies in one
 * slot of a Redis Cluster, and a script may touch any of them. `ta:` gives `{ta}:`; a prefix with a tag of its own stays as it is.
 * @param prefix as it is configured.
 */
export function redisKeyPrefix(prefix: string): string {
  if (/\{[^{}]+\}/.test(prefix)) return prefix;
  const [, name = '', separators = ''] = /^(.*?)([_.:-]*)$/.exec(prefix) ?? [];
  // An empty tag is none: Redis would hash the whole key.
  return name === '' ? `{ta}${separators}` : `{${name}}${separators}`;
}
