import { render } from 'solid-js/web';
import './styles/index.css';
import { App } from './app/App.tsx';

const place = document.getElementById('app');
if (place !== null) render(() => <App />, place);
