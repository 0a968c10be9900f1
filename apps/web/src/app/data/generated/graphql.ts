/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type AnalysisStatus = 'CANCELLED' | 'FAILED' | 'QUEUED' | 'RUNNING' | 'SUCCEEDED';

export type BucketSize =
  'DAY_1' | 'HOURS_3' | 'HOURS_6' | 'HOUR_1' | 'MINUTES_5' | 'MINUTES_15' | 'MINUTES_30' | 'MONTH_1' | 'WEEK_1';

export type CaptureState = 'FILLING' | 'IDLE' | 'LIVE' | 'REPLAYING' | 'STARTING' | 'STOPPED' | 'UNKNOWN';

export type Engine = 'EMBEDDED';

/** Either a preset or from and to ('to' excluded) */
export type IntervalInput = {
  from?: string | null | undefined;
  preset?: IntervalPreset | null | undefined;
  to?: string | null | undefined;
};

export type IntervalPreset = 'LAST_3_DAYS' | 'LAST_7_DAYS' | 'LAST_24_HOURS';

export type PostOrder = 'MOST_RETWEETED' | 'NEWEST';

export type Source = 'BLUESKY' | 'DEMO' | 'X';

export type StartAnalysisInput = {
  /** The same key gives the same analysis */
  idempotencyKey?: string | null | undefined;
  includeRetweetWords?: boolean;
  includeStopWords?: boolean;
  interval: IntervalInput;
  timeZone?: string;
  topic: string;
};

export type RankedListFieldsFragment = {
  distinct: number;
  postsWith: number;
  entries: Array<{ key: string; label: string; posts: number; uses: number; authors: number; source: Source | null }>;
};

export type VolumeFieldsFragment = {
  bucket: BucketSize;
  buckets: Array<{ from: string; to: string; posts: number; retweets: number; replies: number; quotes: number }>;
};

export type AnalysisFieldsFragment = {
  id: string;
  status: AnalysisStatus;
  topic: string;
  canonicalTopic: string;
  from: string;
  to: string;
  preset: IntervalPreset | null;
  timeZone: string;
  includeStopWords: boolean;
  includeRetweetWords: boolean;
  engine: Engine;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  queuePosition: number | null;
  snapshot: { id: string; watermark: string; files: number; posts: number };
  progress: { partitionsDone: number; partitionsTotal: number; matchedPosts: number; readFrom: string | null } | null;
  error: { code: string; message: string; retryable: boolean } | null;
  result: {
    complete: boolean;
    hash: string | null;
    posts: number;
    retweets: number;
    replies: number;
    quotes: number;
    authors: number;
    words: number;
    scannedPosts: number;
    elapsedMs: number;
    topHashtags: RankedListFieldsFragment;
    topWords: RankedListFieldsFragment;
    topMentions: RankedListFieldsFragment;
    topAuthors: RankedListFieldsFragment;
    topDomains: RankedListFieldsFragment;
    volume: VolumeFieldsFragment;
    peakHours: { posts: Array<Array<number>>; coveredHours: Array<Array<number>> };
  } | null;
};

export type UserErrorFieldsFragment = {
  code: string;
  message: string;
  field: string | null;
  position: number | null;
  length: number | null;
  suggestion: string | null;
};

export type StartAnalysisMutationVariables = Exact<{
  input: StartAnalysisInput;
  bucket?: BucketSize | null | undefined;
}>;

export type StartAnalysisMutation = {
  startAnalysis: { analysis: AnalysisFieldsFragment | null; userErrors: Array<UserErrorFieldsFragment> };
};

export type CancelAnalysisMutationVariables = Exact<{
  id: string | number;
}>;

export type CancelAnalysisMutation = {
  cancelAnalysis: {
    analysis: { id: string; status: AnalysisStatus } | null;
    userErrors: Array<UserErrorFieldsFragment>;
  };
};

export type AnalysisQueryVariables = Exact<{
  id: string | number;
  bucket?: BucketSize | null | undefined;
}>;

export type AnalysisQuery = { analysis: AnalysisFieldsFragment | null };

export type AnalysisVolumeQueryVariables = Exact<{
  id: string | number;
  bucket?: BucketSize | null | undefined;
}>;

export type AnalysisVolumeQuery = { analysis: { id: string; result: { volume: VolumeFieldsFragment } | null } | null };

export type AnalysisEventsSubscriptionVariables = Exact<{
  id: string | number;
  afterSeq: number;
  bucket?: BucketSize | null | undefined;
}>;

export type AnalysisEventsSubscription = { analysisEvents: { seq: number; analysis: AnalysisFieldsFragment } };

export type CaptureFieldsFragment = {
  state: CaptureState;
  problem: string | null;
  demo: boolean;
  progress: number | null;
  watermark: string | null;
  oldest: string | null;
  posts: number;
  rates: Array<{ source: Source; perSecond: Array<number> }>;
  recent: Array<{ id: string; source: Source; createdAt: string; text: string; authorUsername: string | null }>;
};

export type CaptureQueryVariables = Exact<{ [key: string]: never }>;

export type CaptureQuery = { capture: CaptureFieldsFragment };

export type ExampleTopicsQueryVariables = Exact<{ [key: string]: never }>;

export type ExampleTopicsQuery = { exampleTopics: Array<{ topic: string; note: string }> };

export type CaptureEventsSubscriptionVariables = Exact<{ [key: string]: never }>;

export type CaptureEventsSubscription = { captureEvents: CaptureFieldsFragment };

export type PostsQueryVariables = Exact<{
  analysisId: string | number;
  order: PostOrder;
  first: number;
  after?: string | null | undefined;
}>;

export type PostsQuery = {
  posts: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    edges: Array<{
      cursor: string;
      capturedRetweets: number | null;
      reportedRetweets: number | null;
      node: {
        id: string;
        source: Source;
        createdAt: string;
        text: string;
        lang: string;
        authorUsername: string | null;
        retweetOf: string | null;
        retweetOfAuthorUsername: string | null;
        replyTo: string | null;
        quoteOf: string | null;
        retweetCount: number | null;
        replyCount: number | null;
        likeCount: number | null;
        url: string | null;
      };
    }>;
  };
};

export const RankedListFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'RankedListFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'RankedList' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'distinct' } },
          { kind: 'Field', name: { kind: 'Name', value: 'postsWith' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'entries' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'key' } },
                { kind: 'Field', name: { kind: 'Name', value: 'label' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'uses' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authors' } },
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<RankedListFieldsFragment, unknown>;
export const VolumeFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'VolumeFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Volume' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'bucket' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'buckets' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'from' } },
                { kind: 'Field', name: { kind: 'Name', value: 'to' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<VolumeFieldsFragment, unknown>;
export const AnalysisFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'AnalysisFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Analysis' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'topic' } },
          { kind: 'Field', name: { kind: 'Name', value: 'canonicalTopic' } },
          { kind: 'Field', name: { kind: 'Name', value: 'from' } },
          { kind: 'Field', name: { kind: 'Name', value: 'to' } },
          { kind: 'Field', name: { kind: 'Name', value: 'preset' } },
          { kind: 'Field', name: { kind: 'Name', value: 'timeZone' } },
          { kind: 'Field', name: { kind: 'Name', value: 'includeStopWords' } },
          { kind: 'Field', name: { kind: 'Name', value: 'includeRetweetWords' } },
          { kind: 'Field', name: { kind: 'Name', value: 'engine' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'snapshot' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                { kind: 'Field', name: { kind: 'Name', value: 'watermark' } },
                { kind: 'Field', name: { kind: 'Name', value: 'files' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
              ],
            },
          },
          { kind: 'Field', name: { kind: 'Name', value: 'createdAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'startedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'finishedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'queuePosition' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'progress' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'partitionsDone' } },
                { kind: 'Field', name: { kind: 'Name', value: 'partitionsTotal' } },
                { kind: 'Field', name: { kind: 'Name', value: 'matchedPosts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'readFrom' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'error' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'code' } },
                { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retryable' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'result' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'complete' } },
                { kind: 'Field', name: { kind: 'Name', value: 'hash' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authors' } },
                { kind: 'Field', name: { kind: 'Name', value: 'words' } },
                { kind: 'Field', name: { kind: 'Name', value: 'scannedPosts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'elapsedMs' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topHashtags' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topWords' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topMentions' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topAuthors' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topDomains' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'volume' },
                  arguments: [
                    {
                      kind: 'Argument',
                      name: { kind: 'Name', value: 'bucket' },
                      value: { kind: 'Variable', name: { kind: 'Name', value: 'bucket' } },
                    },
                  ],
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'VolumeFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'peakHours' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'coveredHours' } },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'RankedListFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'RankedList' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'distinct' } },
          { kind: 'Field', name: { kind: 'Name', value: 'postsWith' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'entries' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'key' } },
                { kind: 'Field', name: { kind: 'Name', value: 'label' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'uses' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authors' } },
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'VolumeFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Volume' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'bucket' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'buckets' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'from' } },
                { kind: 'Field', name: { kind: 'Name', value: 'to' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<AnalysisFieldsFragment, unknown>;
export const UserErrorFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'UserErrorFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'UserError' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'code' } },
          { kind: 'Field', name: { kind: 'Name', value: 'message' } },
          { kind: 'Field', name: { kind: 'Name', value: 'field' } },
          { kind: 'Field', name: { kind: 'Name', value: 'position' } },
          { kind: 'Field', name: { kind: 'Name', value: 'length' } },
          { kind: 'Field', name: { kind: 'Name', value: 'suggestion' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<UserErrorFieldsFragment, unknown>;
export const CaptureFieldsFragmentDoc = {
  kind: 'Document',
  definitions: [
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'CaptureFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Capture' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'problem' } },
          { kind: 'Field', name: { kind: 'Name', value: 'demo' } },
          { kind: 'Field', name: { kind: 'Name', value: 'progress' } },
          { kind: 'Field', name: { kind: 'Name', value: 'watermark' } },
          { kind: 'Field', name: { kind: 'Name', value: 'oldest' } },
          { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'rates' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
                { kind: 'Field', name: { kind: 'Name', value: 'perSecond' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'recent' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
                { kind: 'Field', name: { kind: 'Name', value: 'createdAt' } },
                { kind: 'Field', name: { kind: 'Name', value: 'text' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authorUsername' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<CaptureFieldsFragment, unknown>;
export const StartAnalysisDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'mutation',
      name: { kind: 'Name', value: 'StartAnalysis' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'input' } },
          type: {
            kind: 'NonNullType',
            type: { kind: 'NamedType', name: { kind: 'Name', value: 'StartAnalysisInput' } },
          },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'bucket' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'BucketSize' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'startAnalysis' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'input' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'input' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'analysis' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'AnalysisFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'userErrors' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'UserErrorFields' } }],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'RankedListFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'RankedList' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'distinct' } },
          { kind: 'Field', name: { kind: 'Name', value: 'postsWith' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'entries' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'key' } },
                { kind: 'Field', name: { kind: 'Name', value: 'label' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'uses' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authors' } },
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'VolumeFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Volume' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'bucket' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'buckets' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'from' } },
                { kind: 'Field', name: { kind: 'Name', value: 'to' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'AnalysisFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Analysis' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'topic' } },
          { kind: 'Field', name: { kind: 'Name', value: 'canonicalTopic' } },
          { kind: 'Field', name: { kind: 'Name', value: 'from' } },
          { kind: 'Field', name: { kind: 'Name', value: 'to' } },
          { kind: 'Field', name: { kind: 'Name', value: 'preset' } },
          { kind: 'Field', name: { kind: 'Name', value: 'timeZone' } },
          { kind: 'Field', name: { kind: 'Name', value: 'includeStopWords' } },
          { kind: 'Field', name: { kind: 'Name', value: 'includeRetweetWords' } },
          { kind: 'Field', name: { kind: 'Name', value: 'engine' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'snapshot' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                { kind: 'Field', name: { kind: 'Name', value: 'watermark' } },
                { kind: 'Field', name: { kind: 'Name', value: 'files' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
              ],
            },
          },
          { kind: 'Field', name: { kind: 'Name', value: 'createdAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'startedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'finishedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'queuePosition' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'progress' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'partitionsDone' } },
                { kind: 'Field', name: { kind: 'Name', value: 'partitionsTotal' } },
                { kind: 'Field', name: { kind: 'Name', value: 'matchedPosts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'readFrom' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'error' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'code' } },
                { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retryable' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'result' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'complete' } },
                { kind: 'Field', name: { kind: 'Name', value: 'hash' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authors' } },
                { kind: 'Field', name: { kind: 'Name', value: 'words' } },
                { kind: 'Field', name: { kind: 'Name', value: 'scannedPosts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'elapsedMs' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topHashtags' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topWords' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topMentions' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topAuthors' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topDomains' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'volume' },
                  arguments: [
                    {
                      kind: 'Argument',
                      name: { kind: 'Name', value: 'bucket' },
                      value: { kind: 'Variable', name: { kind: 'Name', value: 'bucket' } },
                    },
                  ],
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'VolumeFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'peakHours' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'coveredHours' } },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'UserErrorFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'UserError' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'code' } },
          { kind: 'Field', name: { kind: 'Name', value: 'message' } },
          { kind: 'Field', name: { kind: 'Name', value: 'field' } },
          { kind: 'Field', name: { kind: 'Name', value: 'position' } },
          { kind: 'Field', name: { kind: 'Name', value: 'length' } },
          { kind: 'Field', name: { kind: 'Name', value: 'suggestion' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<StartAnalysisMutation, StartAnalysisMutationVariables>;
export const CancelAnalysisDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'mutation',
      name: { kind: 'Name', value: 'CancelAnalysis' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'cancelAnalysis' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'id' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'analysis' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'status' } },
                    ],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'userErrors' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'UserErrorFields' } }],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'UserErrorFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'UserError' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'code' } },
          { kind: 'Field', name: { kind: 'Name', value: 'message' } },
          { kind: 'Field', name: { kind: 'Name', value: 'field' } },
          { kind: 'Field', name: { kind: 'Name', value: 'position' } },
          { kind: 'Field', name: { kind: 'Name', value: 'length' } },
          { kind: 'Field', name: { kind: 'Name', value: 'suggestion' } },
        ],
      },
    },
  ],
} as unknown as DocumentNode<CancelAnalysisMutation, CancelAnalysisMutationVariables>;
export const AnalysisDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Analysis' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'bucket' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'BucketSize' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'analysis' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'id' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'AnalysisFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'RankedListFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'RankedList' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'distinct' } },
          { kind: 'Field', name: { kind: 'Name', value: 'postsWith' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'entries' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'key' } },
                { kind: 'Field', name: { kind: 'Name', value: 'label' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'uses' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authors' } },
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'VolumeFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Volume' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'bucket' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'buckets' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'from' } },
                { kind: 'Field', name: { kind: 'Name', value: 'to' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'AnalysisFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Analysis' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'topic' } },
          { kind: 'Field', name: { kind: 'Name', value: 'canonicalTopic' } },
          { kind: 'Field', name: { kind: 'Name', value: 'from' } },
          { kind: 'Field', name: { kind: 'Name', value: 'to' } },
          { kind: 'Field', name: { kind: 'Name', value: 'preset' } },
          { kind: 'Field', name: { kind: 'Name', value: 'timeZone' } },
          { kind: 'Field', name: { kind: 'Name', value: 'includeStopWords' } },
          { kind: 'Field', name: { kind: 'Name', value: 'includeRetweetWords' } },
          { kind: 'Field', name: { kind: 'Name', value: 'engine' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'snapshot' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                { kind: 'Field', name: { kind: 'Name', value: 'watermark' } },
                { kind: 'Field', name: { kind: 'Name', value: 'files' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
              ],
            },
          },
          { kind: 'Field', name: { kind: 'Name', value: 'createdAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'startedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'finishedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'queuePosition' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'progress' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'partitionsDone' } },
                { kind: 'Field', name: { kind: 'Name', value: 'partitionsTotal' } },
                { kind: 'Field', name: { kind: 'Name', value: 'matchedPosts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'readFrom' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'error' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'code' } },
                { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retryable' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'result' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'complete' } },
                { kind: 'Field', name: { kind: 'Name', value: 'hash' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authors' } },
                { kind: 'Field', name: { kind: 'Name', value: 'words' } },
                { kind: 'Field', name: { kind: 'Name', value: 'scannedPosts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'elapsedMs' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topHashtags' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topWords' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topMentions' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topAuthors' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topDomains' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'volume' },
                  arguments: [
                    {
                      kind: 'Argument',
                      name: { kind: 'Name', value: 'bucket' },
                      value: { kind: 'Variable', name: { kind: 'Name', value: 'bucket' } },
                    },
                  ],
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'VolumeFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'peakHours' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'coveredHours' } },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<AnalysisQuery, AnalysisQueryVariables>;
export const AnalysisVolumeDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'AnalysisVolume' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'bucket' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'BucketSize' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'analysis' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'id' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'result' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'volume' },
                        arguments: [
                          {
                            kind: 'Argument',
                            name: { kind: 'Name', value: 'bucket' },
                            value: { kind: 'Variable', name: { kind: 'Name', value: 'bucket' } },
                          },
                        ],
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'VolumeFields' } }],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'VolumeFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Volume' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'bucket' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'buckets' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'from' } },
                { kind: 'Field', name: { kind: 'Name', value: 'to' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<AnalysisVolumeQuery, AnalysisVolumeQueryVariables>;
export const AnalysisEventsDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'subscription',
      name: { kind: 'Name', value: 'AnalysisEvents' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'afterSeq' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'bucket' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'BucketSize' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'analysisEvents' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'id' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'id' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'afterSeq' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'afterSeq' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'seq' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'analysis' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'AnalysisFields' } }],
                  },
                },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'RankedListFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'RankedList' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'distinct' } },
          { kind: 'Field', name: { kind: 'Name', value: 'postsWith' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'entries' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'key' } },
                { kind: 'Field', name: { kind: 'Name', value: 'label' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'uses' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authors' } },
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'VolumeFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Volume' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'bucket' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'buckets' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'from' } },
                { kind: 'Field', name: { kind: 'Name', value: 'to' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
              ],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'AnalysisFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Analysis' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'id' } },
          { kind: 'Field', name: { kind: 'Name', value: 'status' } },
          { kind: 'Field', name: { kind: 'Name', value: 'topic' } },
          { kind: 'Field', name: { kind: 'Name', value: 'canonicalTopic' } },
          { kind: 'Field', name: { kind: 'Name', value: 'from' } },
          { kind: 'Field', name: { kind: 'Name', value: 'to' } },
          { kind: 'Field', name: { kind: 'Name', value: 'preset' } },
          { kind: 'Field', name: { kind: 'Name', value: 'timeZone' } },
          { kind: 'Field', name: { kind: 'Name', value: 'includeStopWords' } },
          { kind: 'Field', name: { kind: 'Name', value: 'includeRetweetWords' } },
          { kind: 'Field', name: { kind: 'Name', value: 'engine' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'snapshot' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                { kind: 'Field', name: { kind: 'Name', value: 'watermark' } },
                { kind: 'Field', name: { kind: 'Name', value: 'files' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
              ],
            },
          },
          { kind: 'Field', name: { kind: 'Name', value: 'createdAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'startedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'finishedAt' } },
          { kind: 'Field', name: { kind: 'Name', value: 'queuePosition' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'progress' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'partitionsDone' } },
                { kind: 'Field', name: { kind: 'Name', value: 'partitionsTotal' } },
                { kind: 'Field', name: { kind: 'Name', value: 'matchedPosts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'readFrom' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'error' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'code' } },
                { kind: 'Field', name: { kind: 'Name', value: 'message' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retryable' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'result' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'complete' } },
                { kind: 'Field', name: { kind: 'Name', value: 'hash' } },
                { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'retweets' } },
                { kind: 'Field', name: { kind: 'Name', value: 'replies' } },
                { kind: 'Field', name: { kind: 'Name', value: 'quotes' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authors' } },
                { kind: 'Field', name: { kind: 'Name', value: 'words' } },
                { kind: 'Field', name: { kind: 'Name', value: 'scannedPosts' } },
                { kind: 'Field', name: { kind: 'Name', value: 'elapsedMs' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topHashtags' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topWords' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topMentions' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topAuthors' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'topDomains' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'RankedListFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'volume' },
                  arguments: [
                    {
                      kind: 'Argument',
                      name: { kind: 'Name', value: 'bucket' },
                      value: { kind: 'Variable', name: { kind: 'Name', value: 'bucket' } },
                    },
                  ],
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'VolumeFields' } }],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'peakHours' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'coveredHours' } },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<AnalysisEventsSubscription, AnalysisEventsSubscriptionVariables>;
export const CaptureDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Capture' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'capture' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'CaptureFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'CaptureFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Capture' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'problem' } },
          { kind: 'Field', name: { kind: 'Name', value: 'demo' } },
          { kind: 'Field', name: { kind: 'Name', value: 'progress' } },
          { kind: 'Field', name: { kind: 'Name', value: 'watermark' } },
          { kind: 'Field', name: { kind: 'Name', value: 'oldest' } },
          { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'rates' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
                { kind: 'Field', name: { kind: 'Name', value: 'perSecond' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'recent' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
                { kind: 'Field', name: { kind: 'Name', value: 'createdAt' } },
                { kind: 'Field', name: { kind: 'Name', value: 'text' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authorUsername' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<CaptureQuery, CaptureQueryVariables>;
export const ExampleTopicsDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'ExampleTopics' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'exampleTopics' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'topic' } },
                { kind: 'Field', name: { kind: 'Name', value: 'note' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<ExampleTopicsQuery, ExampleTopicsQueryVariables>;
export const CaptureEventsDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'subscription',
      name: { kind: 'Name', value: 'CaptureEvents' },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'captureEvents' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [{ kind: 'FragmentSpread', name: { kind: 'Name', value: 'CaptureFields' } }],
            },
          },
        ],
      },
    },
    {
      kind: 'FragmentDefinition',
      name: { kind: 'Name', value: 'CaptureFields' },
      typeCondition: { kind: 'NamedType', name: { kind: 'Name', value: 'Capture' } },
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          { kind: 'Field', name: { kind: 'Name', value: 'state' } },
          { kind: 'Field', name: { kind: 'Name', value: 'problem' } },
          { kind: 'Field', name: { kind: 'Name', value: 'demo' } },
          { kind: 'Field', name: { kind: 'Name', value: 'progress' } },
          { kind: 'Field', name: { kind: 'Name', value: 'watermark' } },
          { kind: 'Field', name: { kind: 'Name', value: 'oldest' } },
          { kind: 'Field', name: { kind: 'Name', value: 'posts' } },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'rates' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
                { kind: 'Field', name: { kind: 'Name', value: 'perSecond' } },
              ],
            },
          },
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'recent' },
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                { kind: 'Field', name: { kind: 'Name', value: 'source' } },
                { kind: 'Field', name: { kind: 'Name', value: 'createdAt' } },
                { kind: 'Field', name: { kind: 'Name', value: 'text' } },
                { kind: 'Field', name: { kind: 'Name', value: 'authorUsername' } },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<CaptureEventsSubscription, CaptureEventsSubscriptionVariables>;
export const PostsDocument = {
  kind: 'Document',
  definitions: [
    {
      kind: 'OperationDefinition',
      operation: 'query',
      name: { kind: 'Name', value: 'Posts' },
      variableDefinitions: [
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'analysisId' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'ID' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'order' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'PostOrder' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
          type: { kind: 'NonNullType', type: { kind: 'NamedType', name: { kind: 'Name', value: 'Int' } } },
        },
        {
          kind: 'VariableDefinition',
          variable: { kind: 'Variable', name: { kind: 'Name', value: 'after' } },
          type: { kind: 'NamedType', name: { kind: 'Name', value: 'String' } },
        },
      ],
      selectionSet: {
        kind: 'SelectionSet',
        selections: [
          {
            kind: 'Field',
            name: { kind: 'Name', value: 'posts' },
            arguments: [
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'analysisId' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'analysisId' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'order' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'order' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'first' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'first' } },
              },
              {
                kind: 'Argument',
                name: { kind: 'Name', value: 'after' },
                value: { kind: 'Variable', name: { kind: 'Name', value: 'after' } },
              },
            ],
            selectionSet: {
              kind: 'SelectionSet',
              selections: [
                { kind: 'Field', name: { kind: 'Name', value: 'totalCount' } },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'pageInfo' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'hasNextPage' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'endCursor' } },
                    ],
                  },
                },
                {
                  kind: 'Field',
                  name: { kind: 'Name', value: 'edges' },
                  selectionSet: {
                    kind: 'SelectionSet',
                    selections: [
                      { kind: 'Field', name: { kind: 'Name', value: 'cursor' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'capturedRetweets' } },
                      { kind: 'Field', name: { kind: 'Name', value: 'reportedRetweets' } },
                      {
                        kind: 'Field',
                        name: { kind: 'Name', value: 'node' },
                        selectionSet: {
                          kind: 'SelectionSet',
                          selections: [
                            { kind: 'Field', name: { kind: 'Name', value: 'id' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'source' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'createdAt' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'text' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'lang' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'authorUsername' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'retweetOf' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'retweetOfAuthorUsername' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'replyTo' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'quoteOf' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'retweetCount' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'replyCount' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'likeCount' } },
                            { kind: 'Field', name: { kind: 'Name', value: 'url' } },
                          ],
                        },
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    },
  ],
} as unknown as DocumentNode<PostsQuery, PostsQueryVariables>;
