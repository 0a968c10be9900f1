import { Inject } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { CONFIG, type Config } from '../config.js';
import { choicesOf } from './engine-choice.js';
import { EngineOfferModel } from './engine-model.js';

@Resolver()
export class EngineResolver {
  readonly #config: Config;

  constructor(@Inject(CONFIG) config: Config) {
    this.#config = config;
  }

  @Query(() => EngineOfferModel)
  engines(): EngineOfferModel {
    const { engine } = this.#config;
    return { choices: choicesOf(engine), default: engine.default, autoLimitBytes: engine.autoLimitBytes };
  }
}
