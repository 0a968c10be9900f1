import type { GapCause } from '@analytica/domain/contracts';

/** Why a connection ended, or was not made. `detail` is for people, and says nothing of credentials. */
export type Disconnection =
  /** TCP, TLS, DNS, or the stream ended. */
  | { readonly type: 'network'; readonly detail: string }
  /** Nothing came for longer than X's keep-alives allow. */
  | { readonly type: 'stalled'; readonly detail: string }
  /** X said in the stream that it ends the connection. */
  | { readonly type: 'platform'; readonly detail: string }
  /** X answered with a status that is worth another try. */
  | { readonly type: 'http'; readonly status: number; readonly detail: string }
  | {
      readonly type: 'rate-limited';
      /** Epoch ms, where X said so and the limit is spent; null otherwise. */
      readonly resetsAt: number | null;
      /** Whether it is the account's monthly cap. */
      readonly isUsageCap: boolean;
      readonly detail: string;
    }
  /** X refuses the credentials: a person has to mend something first. */
  | { readonly type: 'refused'; readonly status: number; readonly detail: string }
  /** The limit of posts or dollars that a person set is reached. */
  | { readonly type: 'usage-limit'; readonly detail: string };

export function causeOf(disconnection: Disconnection): GapCause {
  switch (disconnection.type) {
    case 'network':
      return 'DISCONNECTED';
    case 'stalled':
      return 'STALLED';
    case 'platform':
      return 'PLATFORM_DISCONNECTED';
    case 'http':
      return disconnection.status >= 500 ? 'DISCONNECTED' : 'REFUSED';
    case 'rate-limited':
      return disconnection.isUsageCap ? 'USAGE_LIMIT' : 'RATE_LIMITED';
    case 'refused':
      return 'REFUSED';
    case 'usage-limit':
      return 'USAGE_LIMIT';
  }
}
