import { loopsScreens, ProjectSwitcher, useLoopsNavigation } from '#loops/ui';
import { mountApp } from '#web';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element "root"');

mountApp(root, {
  screens: [...loopsScreens],
  slots: { useNavigation: useLoopsNavigation, project: ProjectSwitcher },
});
