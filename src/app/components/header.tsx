import { useStore } from 'zustand';
import { preferences, type Theme } from '../state/preferences.ts';
import { sheets } from '../state/sheets.ts';
import { STUDY_HASH, tab } from '../state/tab.ts';
import { useStudio, useText } from '../use-studio.tsx';
import { DeviceBadge } from './device/device-badge.tsx';

/** Name, what it is, what it runs on, language and theme. */
export function Header() {
  const text = useText();
  const { history } = useStudio();
  const { language, theme } = useStore(preferences);
  const open = useStore(tab, (state) => state.tab);
  return (
    <header className="header">
      <img src="./icon.svg" alt="" width="36" height="36" />
      <div className="header-name">
        <h1>Delta Studio</h1>
        <p className="muted">{text.tagline}</p>
      </div>
      <nav className="page-tabs" aria-label={text.study.tabs}>
        <a href="#compare" aria-current={open === 'compare' ? 'page' : undefined}>
          {text.study.compare}
        </a>
        <a href={STUDY_HASH} aria-current={open === 'study' ? 'page' : undefined}>
          {text.study.title}
        </a>
      </nav>
      <div className="header-tools">
        <DeviceBadge />
        <button type="button" className="quiet" onClick={() => history.show(true)}>
          {text.history.open}
        </button>
        <label className="select-label">
          <span className="visually-hidden">{text.theme}</span>
          <select
            value={theme}
            onChange={(event) => preferences.setState({ theme: event.target.value as Theme })}
          >
            <option value="auto">{text.themeAuto}</option>
            <option value="light">{text.themeLight}</option>
            <option value="dark">{text.themeDark}</option>
          </select>
        </label>
        <button
          type="button"
          className="quiet"
          lang={language === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => preferences.setState({ language: language === 'zh' ? 'en' : 'zh' })}
        >
          {text.switchLanguage}
        </button>
        <button
          type="button"
          className="quiet"
          aria-label={text.shortcuts.open}
          title={text.shortcuts.open}
          onClick={() => sheets.setState({ shortcuts: true })}
        >
          ?
        </button>
      </div>
    </header>
  );
}
