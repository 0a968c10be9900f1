import type { DisplayPost, PostSource } from '@analytica/domain';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../graphql/date-time-scalar.js';
import { SourceEnum } from '../graphql/enums.js';

@ObjectType('Post')
export class PostModel {
  @Field(() => ID) readonly id: string;
  @Field(() => SourceEnum) readonly source: PostSource;
  @Field(() => DateTime) readonly createdAt: string;
  @Field() readonly text: string;
  @Field() readonly lang: string;
  @Field() readonly authorId: string;
  @Field(() => String, { nullable: true }) readonly authorUsername: string | null;
  @Field(() => [String]) readonly hashtags: readonly string[];
  @Field(() => [String]) readonly mentions: readonly string[];
  @Field(() => [String]) readonly urls: readonly string[];
  @Field(() => ID, { nullable: true }) readonly retweetOf: string | null;
  @Field(() => String, { nullable: true }) readonly retweetOfAuthorUsername: string | null;
  @Field(() => ID, { nullable: true }) readonly quoteOf: string | null;
  @Field(() => ID, { nullable: true }) readonly replyTo: string | null;
  @Field(() => Int, { nullable: true }) readonly retweetCount: number | null;
  @Field(() => Int, { nullable: true }) readonly replyCount: number | null;
  @Field(() => Int, { nullable: true }) readonly likeCount: number | null;
  @Field(() => Int, { nullable: true }) readonly quoteCount: number | null;
  @Field(() => [String], {
    description:
      'Countries in which the platform withholds the post or its author, or those of a retweet’s original: ISO 3166-1 alpha-2, ' +
      'sorted; empty where there are none. What is withheld everywhere is not shown.',
  })
  readonly withheldIn: readonly string[];
  @Field(() => String, { nullable: true, description: 'Address of the post on its platform; null for demo data' })
  readonly url: string | null;

  static of(post: DisplayPost): PostModel {
    return Object.assign(new PostModel(), {
      id: post.id,
      source: post.source,
      createdAt: post.created_at,
      text: post.text,
      lang: post.lang,
      authorId: post.author_id,
      authorUsername: post.author_username,
      hashtags: post.hashtags,
      mentions: post.mentions,
      urls: post.urls,
      retweetOf: post.retweet_of,
      retweetOfAuthorUsername: post.retweet_of_author_username,
      quoteOf: post.quote_of,
      replyTo: post.reply_to,
      retweetCount: int(post.retweet_count),
      replyCount: int(post.reply_count),
      likeCount: int(post.like_count),
      quoteCount: int(post.quote_count),
      // A result that was kept before this was told lacks it.
      withheldIn: post.withheld_in ?? [],
      url: postUrl(post),
    });
  }
}

@ObjectType('PostEdge')
export class PostEdgeModel {
  @Field() readonly cursor: string;
  @Field(() => PostModel) readonly node: PostModel;
  @Field(() => Int, { nullable: true, description: 'How many retweets were captured; only for MOST_RETWEETED' })
  readonly capturedRetweets: number | null;
  @Field(() => Int, { nullable: true }) readonly reportedRetweets: number | null;
}

@ObjectType('PageInfo')
export class PageInfoModel {
  @Field() readonly hasNextPage: boolean;
  @Field(() => String, { nullable: true }) readonly endCursor: string | null;
}

@ObjectType('PostConnection')
export class PostConnectionModel {
  @Field(() => [PostEdgeModel]) readonly edges: readonly PostEdgeModel[];
  @Field(() => PageInfoModel) readonly pageInfo: PageInfoModel;
  @Field(() => Int) readonly totalCount: number;
}

/** Counts come from a platform and may be anything; GraphQL's Int ends at 2^31 - 1. */
export function int(count: number | null): number | null {
  return count === null ? null : Math.max(0, Math.min(Math.trunc(count), 2_147_483_647));
}

/** Where a person can see the post on its platform. */
export function postUrl(post: Pick<DisplayPost, 'id' | 'source' | 'author_username' | 'retweet_of'>): string | null {
  if (post.source === 'x') {
    return `https://x.com/${encodeURIComponent(post.author_username ?? 'i')}/status/${encodeURIComponent(post.id)}`;
  }
  if (post.source === 'bluesky') {
    // A repost has no page of its own.
    const uri = /^at:\/\/([^/]+)\/app\.bsky\.feed\.post\/([^/]+)$/.exec(post.retweet_of ?? post.id);
    const [, did, rkey] = uri ?? [];
    if (did === undefined || rkey === undefined) return null;
    return `https://bsky.app/profile/${encodeURIComponent(did).replaceAll('%3A', ':')}/post/${encodeURIComponent(rkey)}`;
  }
  return null;
}
