const NAMES = new Intl.DisplayNames('en', { type: 'region' });

/** Names of countries in English, in alphabetical order: "France, Germany". A code without a name stays a code. @param codes - ISO 3166-1 alpha-2. */
export function countryNames(codes: readonly string[]): string {
  const names = codes.map((code) => NAMES.of(code) ?? code);
  return names.sort((a, b) => a.localeCompare(b, 'en')).join(', ');
}
