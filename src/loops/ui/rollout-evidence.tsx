import { formatTime } from '#kernel';
import { StatusMark, TimeText } from '#web';
import type { StageBody } from '../api.ts';
import { type LookFacts, rolloutLooks, rolloutSteps } from './evidence.ts';
import { ReasonsTable } from './gate-evidence.tsx';

/** Shows the steps of the rollout and, per decision, which guard said what. */
export function RolloutEvidence({ stage }: { readonly stage: StageBody }) {
  const looks = rolloutLooks(stage.evidence);
  const steps = rolloutSteps(stage.evidence);
  return (
    <>
      {steps.length > 0 && <StepStrip steps={steps} reached={Math.max(0, ...looks.map((look) => look.weight))} />}
      {looks.map((look) => (
        <section key={`${String(look.weight)}/${String(look.atMs)}/${look.action}`} className="look">
          <h3>
            {look.weight} % <StatusMark word={look.action} />{' '}
            {Number.isFinite(look.businessAtMs) && (
              <span className="meta">
                business time <TimeText time={formatTime(look.businessAtMs)} />
              </span>
            )}
          </h3>
          <LookReasons look={look} />
        </section>
      ))}
    </>
  );
}

function LookReasons({ look }: { readonly look: LookFacts }) {
  if (look.reasons.length === 0) return null;
  return <ReasonsTable caption={`Guards at ${String(look.weight)} %`} reasons={look.reasons} />;
}

const WIDTH = 240;
const HEIGHT = 22;

/** Draws the planned shares of the challenger; those that were reached are filled. */
function StepStrip({ steps, reached }: { readonly steps: readonly number[]; readonly reached: number }) {
  const slot = WIDTH / steps.length;
  const words = steps.map((step) => `${String(step)} %`).join(', then ');
  return (
    <svg
      className="step-strip"
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`planned shares of the challenger: ${words}; reached ${String(reached)} %`}
    >
      {steps.map((step, index) => (
        <g key={step}>
          <rect
            className="step-box"
            data-reached={step <= reached || undefined}
            x={index * slot + 1}
            y="1"
            width={slot - 4}
            height={HEIGHT - 2}
          />
          <text
            className="step-text"
            data-reached={step <= reached || undefined}
            x={index * slot + slot / 2 - 1}
            y="15"
            textAnchor="middle"
          >
            {step} %
          </text>
        </g>
      ))}
    </svg>
  );
}
