// The X API by hand:
//   node apps/ingestor/test/doubles/x-api-main.ts --port 8099 --rate 50 [--files a.jsonl,b.jsonl] [--token T] [--chunk 7] [--count 1000 [--ahead]] [--world]
//   INGEST_SOURCES=x-filtered X_API_URL=http://127.0.0.1:8099 X_BEARER_TOKEN=T npm start
// With --ahead all posts are made first, so that giving them costs little.
// With --world posts happen whether or not anyone is connected, and searches find them.
import { parseArgs } from 'node:util';
import { generatedPosts, type PostSupply, postsOfFiles } from './x-api-posts.ts';
import { startXApi, TEST_TOKEN } from './x-api.ts';

const TICK_MS = 20;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8099' },
    rate: { type: 'string', default: '5' },
    files: { type: 'string' },
    token: { type: 'string', default: TEST_TOKEN },
    chunk: { type: 'string' },
    count: { type: 'string', default: 'Infinity' },
    ahead: { type: 'boolean', default: false },
    world: { type: 'boolean', default: false },
  },
});
const perSecond = Number(values.rate);
const endless = values.files === undefined ? generatedPosts() : postsOfFiles(values.files.split(','));
let left = Number(values.count);
const ahead = values.ahead ? Array.from({ length: left }, () => endless(Date.now())).values() : null;
const posts: PostSupply = (now) => (left-- > 0 ? (ahead?.next().value ?? endless(now)) : null);
const double = await startXApi({
  port: Number(values.port),
  token: values.token,
  posts,
  perSecond: values.world ? 0 : perSecond,
  remembers: values.world,
  ...(values.chunk === undefined ? {} : { chunkBytes: Number(values.chunk) }),
});
console.log(`X_API_URL=${double.url} X_BEARER_TOKEN=${double.token}`);

const began = performance.now();
let given = 0;
const world = setInterval(() => {
  for (; given < (perSecond * (performance.now() - began)) / 1000; given += 1) {
    const post = posts(Date.now());
    if (post !== null && !Buffer.isBuffer(post)) double.publish(post);
  }
}, TICK_MS);
if (!values.world) clearInterval(world);

const stop = (): void => {
  clearInterval(world);
  void double.close();
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
