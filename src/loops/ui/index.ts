/**
 * The screens of the loop: home answers how every served model is, the turn shows what happened, why, and on what evidence.
 *
 * @module
 */
export { useLoopsNavigation } from './navigation.ts';
export { ProjectSwitcher } from './project-switcher.tsx';
export { loopsScreens } from './screens.ts';
