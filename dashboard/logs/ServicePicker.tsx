import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import { For, type JSX } from 'solid-js';
import { report } from '../data/live.ts';
import { Icon } from '../parts/Icon.tsx';
import { StateIcon, shownState } from '../parts/State.tsx';
import { change, services } from './state.ts';

/** None chosen means all, merged. */
export function ServicePicker(): JSX.Element {
  const label = () => {
    const [first, ...more] = services();
    if (first === undefined) return 'All services';
    return more.length === 0 ? first : `${more.length + 1} services`;
  };
  const set = (names: string[]) => change({ services: names.join(','), run: undefined });
  const toggle = (name: string, on: boolean) =>
    set(on ? [...services(), name] : services().filter((each) => each !== name));
  return (
    <DropdownMenu gutter={4} modal={false}>
      <DropdownMenu.Trigger class="button picker" title={services().join(', ') || undefined}>
        <span class="hidden">Services: </span>
        <span class="short">{label()}</span>
        <Icon name="down" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal mount={document.getElementById('main') ?? document.body}>
        <DropdownMenu.Content class="menu">
          <DropdownMenu.CheckboxItem
            class="menu-item"
            checked={services().length === 0}
            onChange={() => set([])}
            closeOnSelect={false}
          >
            <Check />
            All services
          </DropdownMenu.CheckboxItem>
          <DropdownMenu.Separator />
          <For each={report.services}>
            {(service) => (
              <DropdownMenu.CheckboxItem
                class="menu-item"
                checked={services().includes(service.name)}
                onChange={(on) => toggle(service.name, on)}
                closeOnSelect={false}
              >
                <Check />
                <StateIcon state={shownState(service)} />
                <span class="short" title={service.name}>
                  {service.name}
                </span>
              </DropdownMenu.CheckboxItem>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}

function Check(): JSX.Element {
  return (
    <span class="menu-check">
      <DropdownMenu.ItemIndicator>
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="m3.5 8.5 3 3 6-7" />
        </svg>
      </DropdownMenu.ItemIndicator>
    </span>
  );
}
