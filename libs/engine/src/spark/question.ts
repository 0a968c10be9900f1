import type { AnalysisSpec, MissingHours } from '@analytica/domain';
import { parseCanonical, type TopicNode } from '@analytica/domain/topic';
import { missingHours, type Snapshot } from '@analytica/lake';
import type { PostsParams, TopicTree } from '@analytica/spark-templates';
import { filesInOrder, partitionsOf, type Partition } from '../partitions.js';
import { rootUriOf, type SparkEngineOptions } from './options.js';

/** The parameters that all statements of a question share, and the partitions to read. */
export interface Question extends Omit<PostsParams, 'run' | 'read' | 'order' | 'offset' | 'limit'> {
  readonly partitions: readonly Partition[];
  readonly missingHours: readonly MissingHours[];
}

export function questionOf(spec: AnalysisSpec, snapshot: Snapshot, options: SparkEngineOptions): Question {
  const files = filesInOrder(snapshot.manifest);
  return {
    root: rootUriOf(snapshot, options),
    files: files.map(({ file: { path, minCreatedAt, maxCreatedAt, bytes } }) => [
      path,
      minCreatedAt,
      maxCreatedAt,
      bytes,
    ]),
    tombstones: snapshot.manifest.tombstones.map(({ path, bytes, events }) => [path, bytes, events ?? 0]),
    topic: treeOf(parseCanonical(spec.topic).root),
    interval: spec.interval,
    retweetWords: spec.includeRetweetWords,
    ...(options.heldRows === undefined ? {} : { held: options.heldRows }),
    partitions: partitionsOf(files, spec.interval),
    missingHours: missingHours(snapshot.manifest, spec.interval),
  };
}

/** The topic's tree without what only people read. */
function treeOf(node: TopicNode): TopicTree {
  switch (node.type) {
    case 'term':
      return { type: 'term', column: node.column, needle: node.needle };
    case 'not':
      return { type: 'not', child: treeOf(node.child) };
    default:
      return { type: node.type, children: node.children.map(treeOf) };
  }
}
