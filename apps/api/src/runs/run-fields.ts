import type { AnalysisProgress, AnalysisSpec, EngineChoice, EngineName, IntervalPreset } from '@analytica/domain';
import type {
  AnalysisRecord,
  AnalysisStatus,
  RunError,
  RunEvent,
  RunRecord,
  RunState,
  SnapshotSummary,
} from './run-records.js';

type Fields = Readonly<Record<string, string>>;

/** The run that a hash in Redis describes; null for a hash that is not there. */
export function runOf(id: string, fields: Fields): RunRecord | null {
  if (fields['status'] === undefined) return null;
  return {
    id,
    spec: JSON.parse(fields['spec'] ?? '') as AnalysisSpec,
    engine: (fields['engine'] ?? 'embedded') as EngineName,
    snapshot: JSON.parse(fields['snapshot'] ?? '') as SnapshotSummary,
    state: stateOf(fields),
  };
}

/** The analysis that a hash in Redis describes, as long as its client has not cancelled it. */
export function analysisOf(id: string, fields: Fields, run: RunRecord): AnalysisRecord {
  return {
    id,
    topic: fields['topic'] ?? '',
    preset: fields['preset'] === '' ? null : ((fields['preset'] ?? null) as IntervalPreset | null),
    engineChoice: (fields['engineChoice'] ?? run.engine) as EngineChoice,
    createdAt: Number(fields['createdAt']),
    run,
    state: run.state,
    detachedSeq: fields['detachedSeq'] === undefined ? null : Number(fields['detachedSeq']),
  };
}

/** The event that an entry of a run's stream describes. */
export function eventOf(entryId: string, flat: readonly string[]): RunEvent {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? '';
  return {
    seq: Number.parseInt(entryId, 10),
    state: stateOf(fields),
    detached: fields['detached'] === '' ? null : (fields['detached'] ?? null),
  };
}

/** The state that a client sees who cancelled, made from the run's state at that moment. */
export function cancelledState(state: RunState, finishedAt: number | null): RunState {
  return { ...state, status: 'CANCELLED', finishedAt: state.finishedAt ?? finishedAt };
}

function stateOf(fields: Fields): RunState {
  const json = (name: string): unknown => {
    const value = fields[name];
    return value === undefined || value === '' ? null : JSON.parse(value);
  };
  return {
    status: (fields['status'] ?? 'QUEUED') as AnalysisStatus,
    progress: json('progress') as AnalysisProgress | null,
    startedAt: json('startedAt') as number | null,
    finishedAt: json('finishedAt') as number | null,
    error: json('error') as RunError | null,
    partials: Number(fields['partials'] ?? 0),
  };
}
