/** The decoder inside unbzip2-stream: its own stream decodes all that is left in one go, which stops the event loop. */
declare module 'unbzip2-stream/lib/bzip2.js' {
  import type { BitReader } from 'unbzip2-stream/lib/bit_iterator.js';

  const bzip2: {
    /** Reads a stream's header: the block size in units of 100,000 bytes. */
    header(bits: BitReader): number;
    /** Decodes one block, or at the end of the stream checks its sum and returns null; else the sum so far. */
    decompress(
      bits: BitReader,
      push: (byte: number) => void,
      work: Int32Array,
      size: number,
      sum: number,
    ): number | null;
  };
  export = bzip2;
}

declare module 'unbzip2-stream/lib/bit_iterator.js' {
  interface BitReader {
    (bits: number | null): number;
    bytesRead: number;
  }
  function bitIterator(nextBuffer: () => Buffer | undefined): BitReader;
  namespace bitIterator {
    export type { BitReader };
  }
  export = bitIterator;
}
