import type { PostOrder } from '@analytica/domain';
import { Args, ID, Int, Query, Resolver } from '@nestjs/graphql';
import { PostOrderEnum } from '../graphql/enums.js';
import { AnalysisService } from './analysis-service.js';
import { PostConnectionModel } from './post-model.js';
import { PostsService } from './posts-service.js';

@Resolver()
export class PostsResolver {
  readonly #analyses: AnalysisService;
  readonly #pages: PostsService;

  constructor(analyses: AnalysisService, pages: PostsService) {
    this.#analyses = analyses;
    this.#pages = pages;
  }

  @Query(() => PostConnectionModel)
  async posts(
    @Args('analysisId', { type: () => ID }) analysisId: string,
    @Args('order', { type: () => PostOrderEnum, defaultValue: 'newest' }) order: PostOrder,
    @Args('first', { type: () => Int, defaultValue: 30 }) first: number,
    @Args('after', { type: () => String, nullable: true }) after?: string | null,
  ): Promise<PostConnectionModel> {
    const analysis = await this.#analyses.get(analysisId);
    return this.#pages.page(analysis, order, first, after ?? null);
  }
}
