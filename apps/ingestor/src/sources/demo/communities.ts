/** Languages of the demo, in the order in which tables are kept. */
export const LANGUAGES = ['en', 'es', 'pt', 'fr', 'it', 'de', 'tr', 'ar', 'ja', 'ko'] as const;
export type Lang = (typeof LANGUAGES)[number];

/** People who share a language and a time zone. */
export interface Community {
  readonly lang: Lang;
  readonly utcOffsetHours: number;
  /** Share of all posts; they add up to 1. */
  readonly share: number;
  readonly cities: readonly City[];
}

export interface City {
  readonly name: string;
  readonly country: string;
  readonly countryCode: string;
  readonly lat: number;
  readonly lon: number;
}

const city = (name: string, countryCode: string, country: string, lat: number, lon: number): City => ({
  name,
  country,
  countryCode,
  lat,
  lon,
});

const us = (name: string, lat: number, lon: number) => city(name, 'US', 'United States', lat, lon);

// One fixed offset each: the day curve is too soft for daylight saving time to matter.
export const COMMUNITIES: readonly Community[] = [
  {
    lang: 'en',
    utcOffsetHours: -5,
    share: 0.14,
    cities: [us('Boston', 42.36, -71.06), us('New York', 40.71, -74.01), us('Pittsburgh', 40.44, -79.99)],
  },
  {
    lang: 'en',
    utcOffsetHours: -8,
    share: 0.07,
    cities: [us('Portland', 45.52, -122.68), us('San Diego', 32.72, -117.16)],
  },
  {
    lang: 'en',
    utcOffsetHours: 0,
    share: 0.11,
    cities: [
      city('Leeds', 'GB', 'United Kingdom', 53.8, -1.55),
      city('Bristol', 'GB', 'United Kingdom', 51.45, -2.59),
      city('Dublin', 'IE', 'Ireland', 53.35, -6.26),
    ],
  },
  { lang: 'en', utcOffsetHours: 5.5, share: 0.05, cities: [city('Pune', 'IN', 'India', 18.52, 73.86)] },
  {
    lang: 'es',
    utcOffsetHours: -6,
    share: 0.06,
    cities: [city('Puebla', 'MX', 'México', 19.04, -98.21), city('Guadalajara', 'MX', 'México', 20.67, -103.35)],
  },
  { lang: 'es', utcOffsetHours: -3, share: 0.05, cities: [city('Rosario', 'AR', 'Argentina', -32.94, -60.65)] },
  {
    lang: 'es',
    utcOffsetHours: 1,
    share: 0.07,
    cities: [city('Valencia', 'ES', 'España', 39.47, -0.38), city('Sevilla', 'ES', 'España', 37.39, -5.98)],
  },
  {
    lang: 'pt',
    utcOffsetHours: -3,
    share: 0.06,
    cities: [city('Recife', 'BR', 'Brasil', -8.05, -34.9), city('Curitiba', 'BR', 'Brasil', -25.43, -49.27)],
  },
  {
    lang: 'fr',
    utcOffsetHours: 1,
    share: 0.045,
    cities: [city('Lyon', 'FR', 'France', 45.76, 4.84), city('Nantes', 'FR', 'France', 47.22, -1.55)],
  },
  { lang: 'it', utcOffsetHours: 1, share: 0.025, cities: [city('Torino', 'IT', 'Italia', 45.07, 7.69)] },
  { lang: 'de', utcOffsetHours: 1, share: 0.03, cities: [city('Leipzig', 'DE', 'Deutschland', 51.34, 12.37)] },
  { lang: 'tr', utcOffsetHours: 3, share: 0.025, cities: [city('İzmir', 'TR', 'Türkiye', 38.42, 27.14)] },
  { lang: 'ar', utcOffsetHours: 2, share: 0.04, cities: [city('الإسكندرية', 'EG', 'مصر', 31.2, 29.92)] },
  {
    lang: 'ar',
    utcOffsetHours: 3,
    share: 0.045,
    cities: [city('جدة', 'SA', 'المملكة العربية السعودية', 21.49, 39.19)],
  },
  {
    lang: 'ja',
    utcOffsetHours: 9,
    share: 0.12,
    cities: [city('東京', 'JP', '日本', 35.68, 139.69), city('札幌', 'JP', '日本', 43.06, 141.35)],
  },
  { lang: 'ko', utcOffsetHours: 9, share: 0.06, cities: [city('부산', 'KR', '대한민국', 35.18, 129.08)] },
];
