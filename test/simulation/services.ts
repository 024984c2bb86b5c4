import { AomModel } from './aom-model.js';
import { Chance } from './chance.js';
import type { VirtualClock } from './clock.js';
import { GlueModel } from './glue-model.js';
import { ObsModel } from './obs-model.js';
import type { Order, ProviderName } from './plan.js';
import { STREAM } from './plan.js';
import type { ModelService } from './service.js';
import { ServiceParts } from './service-parts.js';

const MODELS: Readonly<Record<ProviderName, new (parts: ServiceParts) => ModelService>> = {
  glue: GlueModel,
  obs: ObsModel,
  aom: AomModel,
};

/** The service of a schedule, as its seed has it. */
export function serviceOf({ provider, seed, lagMs }: Order, clock: VirtualClock): ModelService {
  return new MODELS[provider](new ServiceParts(clock, new Chance(seed, STREAM.service), lagMs));
}
