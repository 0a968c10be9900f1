import { analysisKeyMaterial, type AnalysisSpec, type EngineName } from '@analytica/domain';
import { sha256 } from './hash.js';

/** Rule 21: equal questions on equal data have equal keys. */
export function analysisKey(spec: AnalysisSpec, engine: EngineName, snapshotId: string): string {
  return sha256(analysisKeyMaterial(spec, engine, snapshotId));
}
