import { TimeText, useGo } from '#web';
import { turnsPath, useCurrentProject, useProjects } from './navigation.ts';

/** Says which project the page is about, and its business time where that is not the wall's. */
export function ProjectSwitcher() {
  const projects = useProjects();
  const current = useCurrentProject();
  const go = useGo();
  if (projects.state !== 'ready' || current === undefined) return null;
  const known = projects.data.items.find((project) => project.name === current);
  return (
    <div className="project">
      <label className="unseen" htmlFor="project">
        Project
      </label>
      <select
        id="project"
        className="project-select"
        value={current}
        onChange={(event) => {
          go(turnsPath(event.target.value));
        }}
      >
        {known === undefined && <option value={current}>{current}</option>}
        {projects.data.items.map((project) => (
          <option key={project.id} value={project.name}>
            {project.name}
          </option>
        ))}
      </select>
      {known?.clock === 'replay' && (
        <span className="chip" title="Business time of this project: it is moved by the API">
          replay <TimeText time={known.businessNow} />
        </span>
      )}
    </div>
  );
}
