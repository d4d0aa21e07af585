import { DigestText, IdText } from '#web';
import { type Evidence, plainFacts } from './evidence.ts';

/** Shows which rules on which evidence gave a decision: the same two digests give the same decision again. */
export function DecisionDigests({ evidence }: { readonly evidence: Evidence }) {
  const digests = plainFacts(evidence).filter((fact) => fact.kind === 'digest');
  const decision = evidence['decisionId'];
  if (digests.length === 0) return null;
  return (
    <p className="meta evidence-foot">
      {digests.map((fact) => (
        <span key={fact.name}>
          {fact.name.replace(' digest', '')} <DigestText digest={fact.text} />
        </span>
      ))}
      {typeof decision === 'string' && (
        <span>
          decision <IdText id={decision} />
        </span>
      )}
      <span>the same rules on the same evidence decide the same again</span>
    </p>
  );
}
