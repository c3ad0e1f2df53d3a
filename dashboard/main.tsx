import { render } from 'solid-js/web';
import { App } from './app/App.tsx';
import { follow } from './data/live.ts';

void follow();

const place = document.getElementById('app');
if (place !== null) render(() => <App />, place);
