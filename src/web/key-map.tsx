import { Dialog } from '@base-ui/react/dialog';
import { type PageAction, useOfferedActions } from './actions.tsx';
import { KeyCaps } from './key-caps.tsx';
import { usePreferences } from './preferences.tsx';

/** Shows every key that acts on this page, and lets a person switch single keys off. */
export function KeyMap({ isOpen, onOpenChange }: { readonly isOpen: boolean; readonly onOpenChange: (isOpen: boolean) => void }) {
  const { hasKeys, change } = usePreferences();
  const actions = useOfferedActions().filter((action) => action.keys !== undefined);
  const groups = [...new Set(actions.map((action) => action.group))];
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title className="dialog-title">Keys of this page</Dialog.Title>
          <div className="key-map">
            <KeyGroup
              name="Everywhere"
              actions={[{ label: 'Go to a screen or do something', keys: '⌘K Ctrl+K', group: '', run: () => undefined }]}
            />
            {groups.map((group) => (
              <KeyGroup key={group} name={group} actions={actions.filter((action) => action.group === group)} />
            ))}
          </div>
          <label className="switch-line">
            <input
              type="checkbox"
              checked={hasKeys}
              onChange={(event) => {
                change({ hasKeys: event.target.checked });
              }}
            />{' '}
            Single keys act
          </label>
          <div className="dialog-buttons">
            <Dialog.Close className="button">Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function KeyGroup({ name, actions }: { readonly name: string; readonly actions: readonly PageAction[] }) {
  return (
    <section>
      <h3>{name}</h3>
      <dl>
        {actions.map((action) => (
          <div key={action.label}>
            <dt>{action.label}</dt>
            <dd>
              <KeyCaps keys={action.keys ?? ''} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
