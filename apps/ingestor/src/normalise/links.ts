import type { Platform } from './draft.js';

const HOST = /^https?:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i;
const OWN_DOMAINS: Readonly<Record<Platform, readonly string[]>> = {
  x: ['twitter.com', 'x.com', 't.co'],
  bluesky: ['bsky.app'],
};

/** The hosts of links, distinct, in order, less the post's own platform (docs/counting.md, rule 12). */
export function domainsOf(links: readonly string[], platform: Platform): readonly string[] {
  const domains: string[] = [];
  for (const link of links) {
    const host = HOST.exec(link)?.[1]?.toLowerCase();
    if (host === undefined) continue;
    const domain = host.startsWith('www.') ? host.slice(4) : host;
    if (domain === '' || domains.includes(domain) || isOwn(domain, platform)) continue;
    domains.push(domain);
  }
  return domains;
}

function isOwn(domain: string, platform: Platform): boolean {
  return OWN_DOMAINS[platform].some((own) => domain === own || domain.endsWith(`.${own}`));
}
