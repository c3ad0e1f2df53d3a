/** Tells of trouble where it is seen without looking at the page: title, favicon, notification. */
import { createEffect, createMemo, on } from 'solid-js';
import { isAlarm, troubleOf } from '../data/attention.ts';
import { link, report } from '../data/live.ts';
import { settings } from '../data/settings.ts';
import { baseName } from '../parts/words.ts';
import { go, pageOf } from './route.ts';

/** Within the app's root. */
export function announce(): void {
  const alarms = createMemo(() =>
    report.services
      .map(troubleOf)
      .filter((trouble) => trouble !== null)
      .filter(isAlarm),
  );
  createEffect(() => {
    const count = alarms().length;
    const where = report.workspace === '' ? '' : ` · ${baseName(report.workspace)}`;
    const lost = link() === 'lost' || link() === 'refused';
    document.title = `${lost ? '(not connected) ' : count > 0 ? `(${count}) ${alarms()[0]?.service} ${alarms()[0]?.title} · ` : ''}Upkeep${where}`;
    setFavicon(lost || link() === 'blocked' ? '#868e96' : count > 0 ? '#d6336c' : '#3b5bdb', count);
  });
  createEffect(
    on(alarms, (now, before) => {
      if (before === undefined) return;
      const known = new Set(before.map(keyOf));
      for (const trouble of now.filter((each) => !known.has(keyOf(each)))) notify(trouble);
    }),
  );
}

type Alarm = NonNullable<ReturnType<typeof troubleOf>>;

function keyOf({ service, kind, title }: Alarm): string {
  return `${service} ${kind} ${title}`;
}

function notify({ service, title, text }: Alarm): void {
  if (!settings.notify || !('Notification' in window) || Notification.permission !== 'granted') return;
  const shown = new Notification(`${service} ${title}`, { body: text, tag: `upkeep-${service}` });
  shown.onclick = () => {
    window.focus();
    go(pageOf.service(service));
  };
}

function setFavicon(colour: string, count: number): void {
  const mark =
    count > 0
      ? `<text x="16" y="23" font-family="system-ui,sans-serif" font-size="20" font-weight="700" text-anchor="middle" fill="#fff">${count > 9 ? '9+' : count}</text>`
      : '<path d="M9 9v8a7 7 0 0 0 14 0V9" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${colour}"/>${mark}</svg>`;
  document
    .querySelector('link[rel=icon]')
    ?.setAttribute('href', `data:image/svg+xml,${encodeURIComponent(svg)}`);
}
