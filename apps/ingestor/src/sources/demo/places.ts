import { COMMUNITIES } from './communities.js';
import type { PostPlan } from './post-plan.js';
import { at, hash32, Rng } from './prng.js';

const PLACED = 0.035;
const NOWHERE = '"geo":null,"coordinates":null,"place":null';

/** The v1.1 `geo`, `coordinates` and `place` of a post: a city for a few, its point for some of these. */
export function placeJson(seed: number, plan: PostPlan): string {
  const rng = new Rng(hash32(seed ^ 0x91ace, plan.minute, plan.index));
  if (rng.next() >= PLACED) return NOWHERE;
  const city = rng.pick(at(COMMUNITIES, plan.community).cities);
  const lat = (city.lat + (rng.next() - 0.5) * 0.1).toFixed(5);
  const lon = (city.lon + (rng.next() - 0.5) * 0.1).toFixed(5);
  const point = rng.chance(0.35)
    ? `"geo":{"type":"Point","coordinates":[${lat},${lon}]},"coordinates":{"type":"Point","coordinates":[${lon},${lat}]}`
    : '"geo":null,"coordinates":null';
  const west = (city.lon - 0.1).toFixed(4);
  const east = (city.lon + 0.1).toFixed(4);
  const south = (city.lat - 0.1).toFixed(4);
  const north = (city.lat + 0.1).toFixed(4);
  const box = `[[${west},${south}],[${west},${north}],[${east},${north}],[${east},${south}]]`;
  const id = hash32(1, Math.round(city.lat * 1000), Math.round(city.lon * 1000))
    .toString(16)
    .padStart(16, '0');
  return (
    `${point},"place":{"id":"${id}","place_type":"city","name":${JSON.stringify(city.name)},` +
    `"full_name":${JSON.stringify(`${city.name}, ${city.country}`)},"country_code":"${city.countryCode}",` +
    `"country":${JSON.stringify(city.country)},"bounding_box":{"type":"Polygon","coordinates":[${box}]},"attributes":{}}`
  );
}
