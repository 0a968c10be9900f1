import type { DeleteRow } from '@analytica/domain';
import type { DraftHide, DraftRemoval, Platform } from './draft.js';
import type { NormaliseContext } from './normalised.js';
import { isoTime } from './post-builder.js';

/** The row that a draft becomes: its times are shifted as those of posts are. */
export function buildRemoval(removal: DraftRemoval, platform: Platform, context: NormaliseContext): DeleteRow {
  const source = context.source ?? platform;
  const ingested_at = isoTime(context.arrivedAt);
  const shifted = (time: number): string => isoTime(time + context.shiftMs);
  const hide = ({ at, hidden, reason, countries }: DraftHide) => ({ at: shifted(at), hidden, reason, countries });
  switch (removal.kind) {
    case 'post-delete':
      return { source, id: removal.id, before: null, ingested_at };
    case 'post':
      return { source, id: removal.id, ...hide(removal), ingested_at };
    case 'author':
      return { source, author_id: removal.authorId, until: shifted(removal.at), ...hide(removal), ingested_at };
    case 'place-of-post':
      return place({ source, id: removal.id, author_id: null, up_to_id: null });
    case 'place-of-author':
      return place({ source, id: null, author_id: removal.authorId, up_to_id: removal.upToId });
  }

  function place(of: Pick<Extract<DeleteRow, { reason: 'scrub_geo' }>, 'source' | 'id' | 'author_id' | 'up_to_id'>) {
    const at = 'at' in removal ? removal.at : context.arrivedAt;
    return { ...of, at: shifted(at), reason: 'scrub_geo', ingested_at } as const;
  }
}
