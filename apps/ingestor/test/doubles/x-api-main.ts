// The X API by hand:
//   node apps/ingestor/test/doubles/x-api-main.ts --port 8099 --rate 50 [--files a.jsonl,b.jsonl] [--token T] [--chunk 7]
//   INGEST_SOURCES=x-filtered X_API_URL=http://127.0.0.1:8099 X_BEARER_TOKEN=T npm start
import { parseArgs } from 'node:util';
import { generatedPosts, postsOfFiles } from './x-api-posts.ts';
import { startXApi, TEST_TOKEN } from './x-api.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8099' },
    rate: { type: 'string', default: '5' },
    files: { type: 'string' },
    token: { type: 'string', default: TEST_TOKEN },
    chunk: { type: 'string' },
  },
});
const double = await startXApi({
  port: Number(values.port),
  token: values.token,
  perSecond: Number(values.rate),
  posts: values.files === undefined ? generatedPosts() : postsOfFiles(values.files.split(',')),
  ...(values.chunk === undefined ? {} : { chunkBytes: Number(values.chunk) }),
});
console.log(`X_API_URL=${double.url} X_BEARER_TOKEN=${double.token}`);
process.once('SIGINT', () => void double.close());
process.once('SIGTERM', () => void double.close());
