import './styles/index.css';
import { render } from 'solid-js/web';
import { App } from './app/App.tsx';
import { awaitFirstFrame, drawn } from './data/first-frame.ts';
import { firstNews, follow } from './data/live.ts';
import { prepareModals } from './parts/Modal.tsx';

/** ms. Mostly what runs is known by now, or very soon: a page that says "Loading" first would only be drawn twice. */
const PATIENCE = 100;

void follow();

const place = document.getElementById('app');
const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
void Promise.race([firstNews, patience]).then(() => {
  if (place === null) return;
  render(() => <App />, place);
  awaitFirstFrame();
});
void drawn.then(prepareModals);
