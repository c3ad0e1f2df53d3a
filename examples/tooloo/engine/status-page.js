// The page that shows how all servers feel. It asks /api/state when it opens and when you come back to it.
import { jobOf, services, urlOf } from './directory.js';

const style = `
  :root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --line: #e1e4ea; --ink: #1b1f27;
    --dim: #667085; --good: #12805c; --bad: #c4320a; --soft: #e7f5ef; --alarm: #fdeee8; }
  @media (prefers-color-scheme: dark) { :root { --page: #12151b; --card: #1a1f28; --line: #2b323f; --ink: #e8ebf1;
    --dim: #97a1b3; --good: #4cc79b; --bad: #ff8f6b; --soft: #16312a; --alarm: #3a221b; } }
  * { box-sizing: border-box; margin: 0; }
  body { background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; padding: 2.5rem 1.25rem; }
  main { max-width: 62rem; margin: auto; }
  header { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: baseline; margin-bottom: 1.75rem; }
  h1 { font-size: 1.6rem; letter-spacing: -.02em; margin-right: auto; }
  #sum { font-weight: 600; }
  label, small, .job { color: var(--dim); }
  button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
    padding: .2rem .8rem; cursor: pointer; }
  ul { list-style: none; padding: 0; display: grid; gap: .9rem; grid-template-columns: repeat(auto-fill, minmax(17.5rem, 1fr)); }
  li { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.1rem; }
  li > div { display: flex; justify-content: space-between; align-items: center; gap: .5rem; }
  a { color: inherit; font-weight: 600; text-decoration-color: var(--line); text-underline-offset: .2em; }
  .state { font-size: .8rem; font-weight: 600; border-radius: 1rem; padding: .05rem .65rem; color: var(--dim); }
  .ok { color: var(--good); background: var(--soft); } .missing { color: var(--bad); background: var(--alarm); }
  small { font-variant-numeric: tabular-nums; }`;

const script = `
  const byId = (id) => document.getElementById(id);
  async function look() {
    const state = await fetch('/api/state').then((response) => response.json()).catch(() => null);
    byId('sum').textContent = state ? state.ok + ' of ' + state.services.length + ' are well' : 'web-server does not answer';
    for (const one of state?.services ?? []) {
      const label = byId(one.service + '-state');
      label.textContent = one.status;
      label.className = 'state ' + one.status;
      byId(one.service + '-facts').textContent = one.status === 'ok'
        ? 'up ' + one.up + ' · pid ' + one.pid + ' · ' + one.version + ' · ' + one.ms + ' ms' : 'nobody answers at ' + one.url;
    }
  }
  let timer;
  byId('live').onchange = (event) => { clearInterval(timer); if (event.target.checked) timer = setInterval(look, 2000); };
  byId('look').onclick = look;
  addEventListener('focus', look);
  look();`;

function card(service) {
  return `<li>
    <div><a href="${urlOf(service)}/">${service}</a><span class="state" id="${service}-state">…</span></div>
    <p class="job">${jobOf(service)}</p><small id="${service}-facts">&nbsp;</small></li>`;
}

export function statusPage() {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>TooLoo.ai</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>${style}</style>
<main><header><h1>TooLoo.ai</h1><span id="sum" role="status">asking…</span>
<label><input type="checkbox" id="live"> keep looking</label><button id="look">Look again</button></header>
<ul>${services.map(card).join('\n')}</ul></main><script>${script}</script></html>`;
}
