import { type Estimate, shortDigest, shortId } from '#kernel';
import { Copyable } from './copyable.tsx';
import { estimateParts, estimateSource } from './number-text.ts';

/** Shows an estimate with its interval; the tooltip says level, method and rows, a click copies the full value. */
export function EstimateText({ estimate, isSigned }: { readonly estimate: Estimate; readonly isSigned?: boolean | undefined }) {
  const { value, half } = estimateParts(estimate, isSigned ?? false);
  return (
    <Copyable text={String(estimate.value)} tooltip={estimateSource(estimate)} noun="value" className="number">
      {value}
      {half !== '' && <span className="half">{` ± ${half}`}</span>}
    </Copyable>
  );
}

/** Shows what is missing, with the reason. */
export function Missing({ reason }: { readonly reason: string }) {
  return (
    <span className="missing" title={reason}>
      –<span className="unseen"> {reason}</span>
    </span>
  );
}

/** Shows a digest short; the tooltip has it whole, a click copies it. */
export function DigestText({ digest }: { readonly digest: string }) {
  return (
    <Copyable text={digest} noun="digest" className="mono">
      <span className="unseen">digest </span>
      {shortDigest(digest)}
    </Copyable>
  );
}

/** Shows the last 8 characters of an id; the tooltip has it whole, a click copies it. */
export function IdText({ id }: { readonly id: string }) {
  return (
    <Copyable text={id} noun="id" className="mono">
      <span className="unseen">id </span>
      {shortId(id)}
    </Copyable>
  );
}

const DIGEST = /(sha256:[0-9a-f]{64})/;

/** Shows a sentence; digests in it are short and can be copied. */
export function SentenceText({ text }: { readonly text: string }) {
  const parts = text.split(DIGEST).map((part, index) => ({ part, key: `${String(index)}/${part}` }));
  return parts.map(({ part, key }) => (DIGEST.test(part) ? <DigestText key={key} digest={part} /> : part));
}
