import type { ReactNode } from 'react';
import { DigestText, IdText } from '#web';
import type { TurnBody } from '../api.ts';

type Version = NonNullable<TurnBody['challenger']>;

/** Shows what the turn was about, and the way from trigger to what is served. */
export function TurnFacts({ turn }: { readonly turn: TurnBody }) {
  return (
    <section className="facts" aria-label="Facts of this turn">
      <Fact name="loop">{turn.loop}</Fact>
      <Fact name="gate">{turn.gate}</Fact>
      <Fact name="endpoint">{turn.endpoint}</Fact>
      {turn.pipelineRun !== undefined && <Fact name="pipeline run">{turn.pipelineRun}</Fact>}
      {turn.challenger !== undefined && (
        <Fact name="challenger">
          <VersionText version={turn.challenger} />
        </Fact>
      )}
      {turn.champion !== undefined && (
        <Fact name="champion then">
          <VersionText version={turn.champion} />
        </Fact>
      )}
      {turn.servedDigest !== undefined && (
        <Fact name="served at the end">
          <DigestText digest={turn.servedDigest} />
        </Fact>
      )}
      {turn.rolloutId !== undefined && (
        <Fact name="rollout">
          <IdText id={turn.rolloutId} />
        </Fact>
      )}
      <Fact name="turn id">
        <IdText id={turn.id} />
      </Fact>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="fact">
      <span className="meta">{name}</span> <span>{children}</span>
    </div>
  );
}

function VersionText({ version }: { readonly version: Version }) {
  return (
    <>
      {version.model} v{version.version} <DigestText digest={version.digest} />
    </>
  );
}
