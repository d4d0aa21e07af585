import type { Screen } from '#web';
import { HomePage } from './home-page.tsx';
import { TurnPage } from './turn-page.tsx';
import { TurnsPage } from './turns-page.tsx';

/** The screens of loops: home, the turns of a project, and one turn. */
export const loopsScreens: readonly Screen[] = [
  { path: '/', component: HomePage },
  { path: '/p/$project/turns', component: TurnsPage },
  { path: '/p/$project/turns/$turn', component: TurnPage },
];
