import { render } from 'solid-js/web';
import './styles/index.css';
import { App } from './app/App.tsx';
import { follow } from './data/live.ts';

// Asked for before anything is drawn: the answer comes while the page is made.
void follow();

const place = document.getElementById('app');
if (place !== null) render(() => <App />, place);
