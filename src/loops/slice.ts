import type { Platform, SliceModule } from '#platform/slice';
import { loopConsumers } from './consumers.ts';
import { createHomeView, type HomeUpstream } from './home-view-sql.ts';
import { loopsSection } from './loops-section.ts';
import { loopsMigrations } from './migrations.ts';
import { loopRoutes } from './routes.ts';
import { scheduleMachine } from './schedule-machine.ts';
import { scheduleListener } from './schedules-sql.ts';
import { type TurnDeps, turnEffects } from './turn-effects.ts';
import { turnListener } from './turn-listener.ts';
import { turnMachine } from './turn-machine.ts';

/** What this slice is given from the rooms above it, and from governance by a port. */
export type LoopsUpstream = Omit<TurnDeps, 'platform'> & HomeUpstream;

/** What downstream slices ask of loops. */
export type LoopsSlice = SliceModule;

/**
 * Makes the slice.
 *
 * @param platform - The ports.
 * @param upstream - The slices that a turn goes through.
 * @returns The slice.
 */
export function createLoopsSlice(platform: Platform, upstream: LoopsUpstream): LoopsSlice {
  return {
    name: 'loops',
    migrations: loopsMigrations,
    projectSection: loopsSection,
    routes: loopRoutes({
      platform,
      projects: upstream.projects,
      serving: upstream.serving,
      pipelines: upstream.pipelines,
      home: createHomeView(upstream),
    }),
    defineMachines: (machines) => {
      machines.define(turnMachine, turnListener(platform));
      machines.define(scheduleMachine, scheduleListener(platform, upstream.projects));
    },
    effects: turnEffects({ platform, ...upstream }),
    consumers: loopConsumers({ platform, projects: upstream.projects, serving: upstream.serving }),
  };
}
