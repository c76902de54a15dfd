#!/usr/bin/env python3
"""Lays out the sample pages from articles.txt and writes their truth. Standard library only; same input, same bytes.

    python3 make_truth.py           write pages/ and truth/
    python3 make_truth.py --check   write nothing; fail if what is on disk differs

articles.txt holds every article once, clean, with its facts marked inline: {kind text|attribute|…|+key=value|#tag}.
layout.py says which printing of which article goes where on which page, and how it is damaged.
No offset is written by hand: every one follows from where the layout puts a character.
"""
import json, os, re, sys
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE); sys.dont_write_bytecode = True
from world import PEOPLE, REPORTERS, PLACES, STATES, PHRASES, PROJECTS, BODIES, UNNAMED

# ---------------------------------------------------------------- reading articles.txt
ROLE = {'H': 'headline', 'K': 'kicker', 'D': 'deck', 'D2': 'deck', 'B': 'byline', 'P': 'body', 'S': 'subhead',
        'C': 'caption', 'R': 'credit', 'L': 'tail_dateline'}

def parse_marks(src):
    """'a{d b|x}c' -> plain text and [(start, end, kind, attributes)]"""
    out, marks = [], []
    def run(i, depth):
        while i < len(src):
            ch = src[i]
            if ch == '{':
                m = re.match(r'\{([A-Za-z]) ', src[i:])
                assert m, src[i:i + 20]
                start = len(out)
                i = run(i + 3, depth + 1)
                attrs = ''
                if src[i] == '|':
                    j = src.index('}', i)
                    attrs, i = src[i + 1:j], j
                assert src[i] == '}', src[i - 10:i + 10]
                marks.append((start, len(out), m.group(1), attrs.split('|') if attrs else []))
                i += 1
            elif ch in '|}' and depth:
                return i
            else:
                assert ch not in '|}', (src[max(0, i - 30):i + 10])
                out.append(ch); i += 1
        assert depth == 0, 'unclosed mark: ' + src[:60]
        return i
    run(0, 0)
    return ''.join(out), marks

def load():
    arts, cur = {}, None
    for n, line in enumerate(open(os.path.join(HERE, 'articles.txt'), encoding='utf-8'), 1):
        line = line.rstrip('\n')
        if not line or line[0] == '#': continue
        head, rest = line.split(' ', 1)
        if head == '@a':
            aid, *kv = rest.split()
            cur = dict(x.split('=', 1) for x in kv); cur.update(id=aid, elems=[]); arts[aid] = cur
        else:
            try: text, marks = parse_marks(rest)
            except AssertionError as e: raise SystemExit(f'articles.txt:{n}: {e}')
            cur['elems'].append(dict(role=ROLE[head], code=head, text=text, marks=marks))
    for a in arts.values():      # a story without a dated dateline counts its days from the issue
        text = ''.join(e['text'] for e in a['elems'])
        if not re.search(r'月\d+日电', text) and a['kind'] not in ('speech', 'agency-brief'): a['ref'] = a['ref'][:-2] + '%02d' % (int(a['ref'][-2:]) + 1)
    return arts

# ---------------------------------------------------------------- values
HAN = {c: i for i, c in enumerate('零一二三四五六七八九')}; HAN['两'] = 2
def han(s):
    total = cur = 0
    for c in s:
        if c in HAN: cur = HAN[c]
        elif c == '半': return None
        else:
            u = {'十': 10, '百': 100, '千': 1000, '万': 10000}.get(c)
            if u is None: return None
            total += (cur or 1) * u; cur = 0
    return total + cur
MULT = {'万': 10**4, '亿': 10**8, '千': 1000, '百': 100, '百万': 10**6, '千万': 10**7}
UNIT = {'公里': 'km', '公顷': 'ha', '吨': 't', '%': '%', '千瓦': 'kW', '米': 'm', '毫米': 'mm', '亩': '亩', '公斤': 'kg', '摄氏度': '℃', '小时': 'h'}
CLEAN = {'多名': '名', '余名': '名', '多个': '个', '个多月': '个月', '个半小时': 'h', '分之一': None, '分之二': None, '到四级': '级', '比68': '分',
         '元以上2万元以下': '元', '成': '%', '句话': '句', '半': None, '名额中已有312人结业': '人', '大': '个', '小时': 'h', '米': 'm', '公斤': 'kg', '吨': 't', '厘米': 'cm', '海里': '[nmi_i]', '平方米': 'm2', '度': 'kWh'}
def number(text):
    """value, cmp, unit as printed, numeral; None where the source must say it"""
    cmp = '='
    if re.search(r'余|多(?!次)|超|突破', text): cmp = '>'
    elif '近' in text: cmp = '≈<'
    elif re.search(r'不到|不足', text): cmp = '<'
    elif '约' in text: cmp = '~'
    m = re.search(r'(\d+(?:\.\d+)?)(?:多|余)?(万|亿|千万|百万)?(?:多|余)?(.*)$', text)
    if m:
        from decimal import Decimal
        v = Decimal(m.group(1)) * MULT.get(m.group(2), 1)
        v = int(v) if v == int(v) else float(v)
        return v, cmp, m.group(3) or None
    m = re.search(r'([一二三四五六七八九十百千万两]+)(.*)$', text)
    return (han(m.group(1)) if m else None), cmp, (m.group(2) if m else None)

def tight(text):
    """where the number begins, its word of comparison included"""
    words = ('超过', '突破', '不到', '不足', '零下', '近', '约', '逾', '超')
    m = re.match(r'.*[^\d.](\d[\d.]*[^\d]*)$', text) if len(text) > 9 and '以下' not in text else None
    if m:
        s = m.start(1)
        return s - next((len(w) for w in words if text[:s].endswith(w)), 0)
    m = re.match(r'(?:首批|平均|每日限流|每人|每天抛石|每天少漏水|全长|每公斤|每度|每晚只收|首夜抽检|标准品每公斤|总库容|首期招收研修生)', text)
    return m.end() if m else 0

def states(s):
    return [STATES[c] for c in s] if s and all(c in STATES for c in s) and s != '五' else (list(dict.fromkeys(STATES.values())) if s == '五' else ([s] if s else []))

FORCE_STATUS = {'F0': 'standing', 'F1': 'standing', 'F2': 'proposed'}
DATE_GUESS = [(r'\d{4}年', 'absolute'), (r'\d+月|\d+日', 'absolute-no-year')]
def fact(kind, text, attrs, ref):
    pos = [a for a in attrs if not a.startswith(('+', '#'))]
    ext = dict(a[1:].split('=', 1) for a in attrs if a.startswith('+'))
    tag = next((a[1:] for a in attrs if a.startswith('#')), None)
    g = lambda i, d=None: pos[i] if i < len(pos) and pos[i] != '' else d
    f = {}
    if kind == 'd':
        iso = g(0); f = dict(kind='date', iso=None if iso == '-' else iso, ref=ref)
        f['date_type'] = g(1) or next((t for p, t in DATE_GUESS if re.search(p, text)), 'relative')
        if f['iso'] is None: f['value_scored'] = False
    elif kind == 'f':
        v, cmp, unit = number(text)
        if 'v' in ext:
            x = float(ext.pop('v')); v = int(x) if x == int(x) else x
        cmp = ext.pop('cmp', cmp)
        f = dict(kind='figure', what=g(0), value=v, unit=g(2) or UNIT.get(unit, unit), cmp=cmp)
        f['unit'] = CLEAN.get(f['unit'], f['unit'])
        if g(1): f['as_of'] = g(1)
        if v is None: f['value_scored'] = False
    elif kind == 'i':
        f = dict(kind='indicator', name=g(0), value=int(g(1)), unit=g(2), parent=g(3), as_of=g(4))
    elif kind == 'x': f = dict(kind='not_figure', why=g(0))
    elif kind == 'p':
        name = g(0) or next(n for n in PEOPLE if n in text.replace(' ', ''))
        t, c = PEOPLE.get(name, (None, None))
        f = dict(kind='person', name=name, title=g(1) or t, country=g(2) or c)
    elif kind == 'l':
        t, c = PLACES[text]; f = dict(kind='place', name=text, place_type=t, country=c)
    elif kind == 'e': f = dict(kind='event', name=g(3) or text, date=g(1), place=g(2), type=g(0))
    elif kind == 'b': f = dict(kind='body', name=g(2) or text, body_type=g(0), status=g(1)); f.update({'date': g(3)} if g(3) else {})
    elif kind == 'j': f = dict(kind='project', name=g(0), status=g(1), sector=g(2)); f.update({'parties': states(g(3))} if g(3) else {})
    elif kind == 'n': f = dict(kind='instrument', name=g(0).strip('《》'), instrument_type=g(1), status=g(2), parties=states(g(3)), date=g(4))
    elif kind == 'a': f = dict(kind='priority_area', list=g(0), items=g(1).split(','), count=len(g(1).split(',')))
    elif kind == 'm': f = dict(kind='claim', claims=g(0), n=int(g(1)), names=[name for name in (g(2) or '').split(',') if name])
    elif kind == 'q': f = dict(kind='quote', speaker=g(0), title=g(1), cue=g(2), mode=g(3))
    elif kind == 'c':
        f = dict(kind='commitment', actors=states(g(0)), recipients=states(g(1)), action=g(2), object=g(3), modality=g(4),
                 force=g(5), status=g(6) or FORCE_STATUS.get(g(5), 'announced'), sector=g(7))
    else: raise SystemExit('unknown mark ' + kind)
    f.update(ext)
    return f, tag

# Local stories have no marks of these kinds, except in the articles named.
LOCAL = ('local-news', 'local-brief', 'notice', 'service', 'advertisement', 'photo', 'letter')
LOCAL_BUT = ('CC', 'PJ2')
LOCAL_WITHOUT = ('body', 'claim', 'event', 'instrument', 'place', 'project')

# ---------------------------------------------------------------- printings: an article with edits
class Printing:
    """edits: dicts old new cls [right note set byline]; old is unique in the article (or nth given)"""
    def __init__(self, pid, art, edits=(), drop=()):
        self.pid, self.art, self.edits, self.losses = pid, art, [], []
        self.elems, self.facts = [], []
        used = set()
        for ei, el in enumerate(art['elems']):
            base = el['text']; here = []
            if el['code'] in drop or f"{el['code']}{sum(1 for x in art['elems'][:ei + 1] if x['code'] == el['code'])}" in drop:
                here = [(0, len(base), '', dict(old=base, new='', cls='abridgement', right='A'))]
            else:
                for k, e in enumerate(edits):
                    if e.get('role', el['role']) != el['role']: continue
                    at = base.find(e['old'])
                    if at < 0: continue
                    assert k not in used and base.count(e['old']) == 1, (pid, e['old'], 'not unique')
                    used.add(k)
                    o, n = e['old'], e['new']; i = j = 0         # keep only what differs, unless nothing of the old text is left
                    while i < min(len(o), len(n)) and o[i] == n[i]: i += 1
                    while j < min(len(o), len(n)) - i and o[-1 - j] == n[-1 - j]: j += 1
                    if len(o) == i + j: i = j = 0
                    e = dict(e, old=o[i:len(o) - j], new=n[i:len(n) - j])
                    here.append((at + i, at + len(o) - j, e['new'], e))
            here.sort(key=lambda x: x[0])
            new, pos, last = [], 0, 0
            starts, ends = [0] * (len(base) + 1), [0] * (len(base) + 1)     # boundary maps
            b = 0
            for s, t, n, e in here:
                assert s >= b, (pid, e['old'], 'edits overlap')
                while b < s: starts[b] = ends[b] = len(new); new.append(base[b]); b += 1
                ns = len(new); new.extend(n)
                starts[s] = ns; ends[s] = ns
                for x in range(s + 1, t): starts[x], ends[x] = ns, len(new)
                self.edits.append((ei, s, t, ns, len(new), e))
                if e['cls'] == 'lost': self.losses.append((ei, ns, e['old']))
                b = t
                # the boundary after the edit is set by the next round
            while b < len(base): starts[b] = ends[b] = len(new); new.append(base[b]); b += 1
            starts[len(base)] = ends[len(base)] = len(new)
            text = ''.join(new)
            out = dict(role=el['role'], code=el['code'], text=text, zones=[])
            for s, t, kind, attrs in el['marks']:
                s2, t2 = starts[s], ends[t]
                if t2 <= s2: continue
                cut = [e for a, z, _, e in here if e['new'] == '' and z - a >= 4 and a < t and z > s]
                if kind in 'LBR':
                    if kind == 'B':
                        by = next((e['byline'] for _, _, _, e in here if 'byline' in e), None)
                        if by: s2 = text.index(by); t2 = s2 + len(by)
                    out['zones'].append((s2, t2, {'L': 'dateline', 'B': 'byline', 'R': 'credit'}[kind])); continue
                if cut and kind not in 'qe': 
                    if not all(e['cls'] == 'abridgement' and s >= a and t <= z for a, z, _, e in here if e in cut): print('  dropped with lost text:', pid, el['text'][s:t][:30], file=sys.stderr)
                    continue
                if kind == 'f': s = s + tight(el['text'][s:t]); s2 = starts[s]
                f, tag = fact(kind, el['text'][s:t], attrs, art['ref'])
                for a, z, _, e in here:
                    for key, val in e.get('set', {}).items():
                        if a < t and z > s and (key in f) and (e.get('kinds', 'figure') == f['kind']): f[key] = val
                if f['kind'] == 'quote' and text[s2] == '“' and text[t2 - 1] == '”': s2, t2 = s2 + 1, t2 - 1
                self.facts.append((ei, s2, t2, f, tag))
            self.elems.append(out)
            self._derive(ei, out)
        self._mentions()
        assert len(used) == len(edits), (pid, [e['old'] for k, e in enumerate(edits) if k not in used])

    def _mentions(self):
        """speakers of quotes, and first mentions of known places, projects and bodies that have no mark of their own"""
        have = {(f['kind'], f.get('name')) for _, _, _, f, _ in self.facts}
        def first(forms):
            for ei, el in enumerate(self.elems):
                if el['role'] not in ('body', 'caption'): continue
                low = max([e for s, e, r in el['zones'] if r == 'dateline'] or [0])
                hits = sorted((el['text'].find(x, low), -len(x)) for x in forms if el['text'].find(x, low) >= 0)
                if hits: return ei, hits[0][0], hits[0][0] - hits[0][1]
        for _, _, _, f, _ in list(self.facts):
            if f['kind'] == 'quote' and 2 <= len(f['speaker']) <= 4 and f['speaker'] not in UNNAMED and ('person', f['speaker']) not in have and f.get('title') and f['title'] != f['speaker']:
                at = first([f['speaker']])
                if at:
                    have.add(('person', f['speaker'])); country = next((c for p, c in (('朔', '朔原'), ('汐', '汐澜'), ('桐', '桐沙')) if p in f.get('country', '')), None)
                    self.facts.append((*at, dict(kind='person', name=f['speaker'], title=PEOPLE.get(f['speaker'], (f['title'],))[0], country=PEOPLE[f['speaker']][1] if f['speaker'] in PEOPLE else HOME.get(self.pid, country)), None))
        if self.art['kind'] in LOCAL and self.art['id'] not in LOCAL_BUT: return
        for name, (forms, sector, parties, s31, s32) in PROJECTS.items():
            if ('project', name) not in have and first(forms):
                self.facts.append((*first(forms), dict(kind='project', name=name, status=s31 if self.art['ref'] < '2032' else s32, sector=sector, parties=states(parties)), None))
        for name, (forms, typ) in BODIES.items():
            if ('body', name) not in have and first(forms):
                self.facts.append((*first(forms), dict(kind='body', name=name, body_type=typ, status='operating'), None))
        for name, (typ, country) in PLACES.items():
            if ('place', name) not in have and first([name]):
                self.facts.append((*first([name]), dict(kind='place', name=name, place_type=typ, country=country), None))

    def _derive(self, ei, out):
        """bylines give persons; stock words with a numeral inside are no figures"""
        t = out['text']
        spans = [(s, e) for s, e, r in out['zones'] if r == 'byline'] + ([(0, len(t))] if out['role'] in ('byline', 'credit') else [])
        for s, e in spans:
            for name in REPORTERS:
                m = re.compile(r'\s?'.join(name)).search(t, s, e)
                if m:
                    title = '通讯员' if t[s:m.start()].rfind('通讯员') > t[s:m.start()].rfind('记者') else ('记者' if '记者' in t[s:e] else '作者')
                    self.facts.append((ei, m.start(), m.end(), dict(kind='person', name=name, title=title, country=REPORTERS[name], role='byline'), None))
        taken = [(s, e) for k, s, e, f, _ in self.facts if k == ei and f['kind'] in ('date', 'figure', 'indicator', 'not_figure')]
        for s, e, r in out['zones']:
            if r == 'dateline' or r == 'credit':
                m = re.compile(r'(\d+)月(\d+)日').search(t, s, e)
                if m:
                    self.facts.append((ei, m.start(), m.end(), dict(kind='date', iso='%s-%02d-%02d' % (self.art['ref'][:4], int(m.group(1)), int(m.group(2))), ref=self.art['ref'], date_type='absolute-no-year', role='dateline'), None)); taken.append((m.start(), m.end()))
        if out['role'] == 'tail_dateline':
            m = re.search(r'(\d+)月(\d+)日', t)
            self.facts.append((ei, m.start(), m.end(), dict(kind='date', iso='%s-%02d-%02d' % (self.art['ref'][:4], int(m.group(1)), int(m.group(2))), ref=self.art['ref'], date_type='absolute-no-year', role='dateline'), None)); taken.append((m.start(), m.end()))
        for word, why in PHRASES:
            for m in re.finditer(re.escape(word), t):
                if all(m.end() <= s or m.start() >= e for s, e in taken):
                    taken.append((m.start(), m.end())); self.facts.append((ei, m.start(), m.end(), dict(kind='not_figure', why=why), None))
        for m in re.finditer(r'[\d一二三四五六七八九十百千万亿两半]+', t):
            if all(m.end() <= s or m.start() >= e for s, e in taken):
                UNCOVERED.append((self.pid, t[max(0, m.start() - 6):m.end() + 6]))
UNCOVERED = []
# where a speaker without an office lives: the state of the paper that reports, unless the story says another
HOME = dict(IN='朔原', MK='朔原', MB='朔原', PT='朔原', HS='朔原', ZH='朔原', RD='朔原', CC='汐澜', FN='汐澜', GB='汐澜', PL='东屏', PJ1=None, PJ2='汐澜', YC=None, AN='云津', LF='云津', FE='云津', BK='云津', HV2='云津', YS='云津')

# ---------------------------------------------------------------- pages
CLOSERS = set('，。、；：！？”’）》%')
class Page:
    def __init__(self, path, fmt, width=16, paper=None, date=None, no=None, basis=None, kind=None):
        self.path, self.fmt, self.width, self.meta = path, fmt, width, dict(paper=paper, issue_date=date, page_no=no, issue_date_basis=basis, text_kind=kind)
        self.chars = []            # (char, owner): owner None | ('F', n) | (pid, ei, ci, copy) | (pid, 'X', n, False)
        self.furn, self.extra, self.sections = [], [], []
        self.dates = 0
    def blank(self, s):
        for c in s: self.chars.append((c, None))
    def gap(self, para=True):
        if self.chars:
            self.blank({'md': '\n\n', 'plain': '\n', 'wrap': '\n'}[self.fmt])
    def lines(self, text, owners, wrap=True):
        """text with owners, hard-wrapped where the page is a text layer; spaces put into dates"""
        if self.fmt != 'wrap' or not wrap:
            for c, o in zip(text, owners): self.chars.append((c, o))
            return
        spaced = set()
        for m in re.finditer(r'\d+(?=[年月日])', text):
            self.dates += 1
            if self.dates % 3: spaced.add(m.end()); 
            if self.dates % 3 == 1 and m.start() and not text[m.start() - 1].isspace(): spaced.add(m.start())
        col = 0; w = self.width
        for i, (c, o) in enumerate(zip(text, owners)):
            if col >= w and c not in CLOSERS and not (text[i - 1] in '“（《') and (col > w + 1 or not (c.isdigit() and text[i - 1].isdigit() and i % 2)):
                self.chars.append(('\n', None)); col = 0
            elif i in spaced and col: self.chars.append((' ', None)); col += .5
            self.chars.append((c, o)); col += .5 if c.isascii() else 1
    def furniture(self, role, text, note=None, mark=''):
        self.gap(); n = len(self.furn); self.furn.append((role, note))
        self.chars += [(c, ('F', n)) for c in mark + text]
        return self
    def section(self, text, pids, mark=''):
        self.sections.append((len(self.furn), pids)); return self.furniture('section', text, mark=mark)
    def jump(self, pid, text, inline=False, role='jump'):
        if not inline: self.gap()
        n = len(self.extra); self.extra.append((pid, role, text))
        self.chars += [(c, (pid, 'X', n, False)) for c in text]
        return self
    def column(self):
        self.blank('\n'); return self

class Layout:
    def __init__(self, arts):
        self.arts, self.printings, self.pages, self.cursor = arts, {}, [], {}
    def printing(self, pid, base, edits=(), drop=()):
        self.printings[pid] = Printing(pid, self.arts[base], edits, drop)
    def get(self, pid):
        if pid not in self.printings: self.printing(pid, pid)
        return self.printings[pid]
    def page(self, path, fmt, **kw):
        p = Page(path, fmt, **kw); self.pages.append(p); return p
    def put(self, page, pid, until=None, roles=None, frm=None, copy=False, marks=None, skip=()):
        """emit from the cursor through the end of `until`; roles limits it to elements of these roles"""
        pr = self.get(pid); marks = marks or {}
        done = self.cursor.setdefault(pid, {})
        for ei, el in enumerate(pr.elems):
            if not el['text'] or (roles and el['role'] not in roles) or el['role'] in skip: continue
            start = done.get(ei, 0); stop = len(el['text'])
            if copy or frm:
                at = el['text'].find(frm)
                if at < 0: continue
                start = at; frm = None
            if start >= stop and not copy: continue
            last = False
            if until is not None:
                at = el['text'].find(until, start)
                if at >= 0: stop, last = at + len(until), True
            page.gap()
            mark = marks.get(el['role'], '') if start == 0 and page.fmt == 'md' else ''
            owners = [(pid, ei, ci, copy) for ci in range(start, stop)]
            page.chars += [(c, (pid, ei, 0, copy)) for c in mark if False]
            if mark: page.chars += [(c, (pid, ei, start, 'mark')) for c in mark]
            page.lines(el['text'][start:stop], owners, wrap=el['role'] not in ('headline', 'kicker', 'deck'))
            if not copy: done[ei] = stop
            if last: return
        assert until is None, (pid, until)
    def check_all_placed(self):
        for pid, pr in self.printings.items():
            for ei, el in enumerate(pr.elems):
                assert self.cursor.get(pid, {}).get(ei, 0) == len(el['text']), (pid, ei, el['text'][self.cursor.get(pid, {}).get(ei, 0):][:40])

# ---------------------------------------------------------------- truth
def runs(positions, chars):
    """page positions -> [start, end) runs; blanks do not part a run"""
    out = []
    for p in positions:
        if out and p >= out[-1][1] and all(chars[x][1] is None or chars[x][1][3:] == ('mark',) for x in range(out[-1][1], p)): out[-1][1] = p + 1
        else: out.append([p, p + 1])
    return out

def build(lay):
    seg, facts, tags, where = [], [], {}, {}
    lay.check_all_placed()
    aid, charpos = {}, {}
    for pg in lay.pages:
        order = []
        for i, (c, o) in enumerate(pg.chars):
            if o is None or o[0] == 'F': continue
            if o[3] is False and o[0] not in order: order.append(o[0])
            if o[3] is False and o[1] != 'X': charpos[(o[0], o[1], o[2])] = (pg, i)
        for n, pid in enumerate(order, 1): aid[(pg.path, pid)] = f'{pg.path}/{n}'
        pg.order = order
    pages_of = {}
    for pg in lay.pages:
        for pid in pg.order: pages_of.setdefault(pid, []).append(pg)
    for pg in lay.pages:
        text = ''.join(c for c, _ in pg.chars); pg.text = text
        P = dict(page=pg.path, chars=len(text), **pg.meta, articles=[])
        covered = [0] * len(text)
        def rec(s, e): return dict(start=s, end=e, first=text[s:e][:12], last=text[s:e][-12:])
        for pid in pg.order:
            pr = lay.printings[pid]; art = pr.art
            own = [(i, o) for i, (c, o) in enumerate(pg.chars) if o and o[0] == pid]
            on_page = {(o[1], o[2]) for i, o in own if o[3] is False and o[1] != 'X'}
            # fragments
            frags, prev = [], None
            def key(o): return None if o[1] == 'X' else (o[1], o[2])
            for i, o in own:
                cp = o[3] is True
                join = False
                if frags:
                    fr = frags[-1]
                    clear = all(pg.chars[x][1] is None for x in range(fr['e'], i))
                    k, pk = key(o), fr['key']
                    seq = k is None or pk is None or cp or (k >= pk and not any(pk < q < k for q in on_page if q[0] != pk[0] or q[1] > pk[1]) )
                    join = clear and fr['copy'] == cp and seq
                if join: fr = frags[-1]; fr['e'] = i + 1
                else: fr = dict(s=i, e=i + 1, copy=cp, key=None, first=None); frags.append(fr)
                if key(o) is not None:
                    fr['key'] = key(o); fr['first'] = fr['first'] or key(o)
            # a lone jump line before a run of text belongs to what follows
            rank = sorted(range(len(frags)), key=lambda j: (frags[j]['copy'], frags[j]['first'] or (999, 0)))
            A = dict(id=aid[(pg.path, pid)], printing=pid)
            hl = next((e['text'] for e in pr.elems if e['role'] == 'headline' and e['text']), None)
            here_hl = any(pr.elems[o[1]]['role'] == 'headline' for i, o in own if o[1] != 'X')
            A['title'] = hl if here_hl else None
            if not here_hl and hl: A['inferred_title'] = hl
            A['kind'] = art['kind']
            if art['kind'] in LOCAL and art['id'] not in LOCAL_BUT: A['unmarked'] = list(LOCAL_WITHOUT)
            first, last = pages_of[pid][0], pages_of[pid][-1]
            st = 'complete'
            if pg is not last and pg is first: st = 'continues'
            elif pg is not first: st = 'continuation'
            tail_lost = any(ei == max(k for k, e in enumerate(pr.elems) if e['text']) and at >= len(pr.elems[ei]['text']) for ei, at, _ in pr.losses)
            if st == 'complete' and tail_lost: st = 'cut'
            A['status'] = st
            if len(pages_of[pid]) > 1: A['same_article'] = [aid[(q.path, pid)] for q in pages_of[pid]]
            A['fragments'] = []
            for j, fr in enumerate(frags):
                d = dict(start=fr['s'], end=fr['e'], order=rank.index(j) + 1)
                if fr['copy']: d['flag'] = 'duplicate-misplaced'
                d.update({k: v for k, v in rec(fr['s'], fr['e']).items() if k in ('first', 'last')})
                A['fragments'].append(d)
                for x in range(fr['s'], fr['e']):
                    if pg.chars[x][1] is not None: covered[x] += 1
            # elements
            els = []
            for fr in frags:
                cur = None
                for x in range(fr['s'], fr['e']):
                    o = pg.chars[x][1]
                    if o is None: continue
                    if o[1] == 'X': role = pg.extra[o[2]][1]; unit = ('X', o[2])
                    elif fr['copy']: role = 'misplaced_duplicate'; unit = 'copy'
                    else:
                        el = pr.elems[o[1]]; role = el['role']; unit = None if role == 'body' else o[1]
                        for s, e, r in el['zones']:
                            if s <= o[2] < e and r in ('dateline', 'credit'): role, unit = r, (o[1], r)
                    if cur and cur[2] == role and cur[3] == unit: cur[1] = x + 1
                    else: cur = [x, x + 1, role, unit]; els.append(cur)
            for ei, el in enumerate(pr.elems):
                for s, e, r in el['zones']:
                    if r == 'byline':
                        ps = [charpos[(pid, ei, c)] for c in range(s, e) if (pid, ei, c) in charpos]
                        ps = [p for q, p in ps if q is pg]
                        if ps: els.append([ps[0], ps[-1] + 1, 'byline', None])
            els.sort(key=lambda e: (e[0], -e[1]))
            A['elements'] = []
            for s, e, role, _ in els:
                d = dict(role=role, start=s, end=e)
                if e - s > 40: d.update(first=text[s:e][:20], last=text[s:e][-20:])
                else: d['text'] = text[s:e]
                if role == 'jump': d['direction'] = 'from' if '上接' in text[s:e] else 'to'
                A['elements'].append(d)
            A['gaps'] = []
            for ei, at, lost in pr.losses:
                q = charpos.get((pid, ei, at - 1)) if at else None
                nx = charpos.get((pid, ei, at))
                if q and q[0] is pg:
                    A['gaps'].append(dict(at=q[1] + 1, resume=nx[1] if nx else None, kind='text-lost', lost_chars=len(lost), lost_text=lost,
                                          after_text=text[max(0, q[1] - 11):q[1] + 1], note='nothing on the page marks the loss'))
            brk = []
            for ei, el in enumerate(pr.elems):
                for ci in range(1, len(el['text'])):
                    a, b = charpos.get((pid, ei, ci - 1)), charpos.get((pid, ei, ci))
                    if a and b and (a[0] is pg or b[0] is pg):
                        if a[0] is not b[0]:
                            brk.append(dict(at=(a[1] + 1) if a[0] is pg else None, resume=b[1] if b[0] is pg else None, left=el['text'][max(0, ci - 6):ci], right=el['text'][ci:ci + 6], other_page=b[0].path if a[0] is pg else a[0].path))
                        else:
                            between = pg.chars[a[1] + 1:b[1]]
                            if any(o is not None for _, o in between) or b[1] < a[1] or ''.join(c for c, _ in between).count('\n') > (1 if pg.fmt != 'plain' else 0):
                                brk.append(dict(at=a[1] + 1, resume=b[1], left=el['text'][max(0, ci - 6):ci], right=el['text'][ci:ci + 6]))
            A['mid_sentence_breaks'] = sorted(brk, key=lambda d: (d['at'] if d['at'] is not None else -1))
            A['notes'] = [n for p2, n in getattr(pg, 'notes', []) if p2 == pid]
            P['articles'].append(A)
        P['furniture'] = []
        for n, (role, note) in enumerate(pg.furn):
            ps = [i for i, (c, o) in enumerate(pg.chars) if o == ('F', n)]
            d = dict(role=role, start=ps[0], end=ps[-1] + 1, text=text[ps[0]:ps[-1] + 1])
            if note: d['note'] = note
            sec = next((pids for k, pids in pg.sections if k == n), None)
            if sec: d['covers'] = [aid[(pg.path, q)] for q in sec]
            for x in range(ps[0], ps[-1] + 1): covered[x] += 1
            P['furniture'].append(d)
        for i, c in enumerate(text):
            if not c.isspace(): assert covered[i] == 1, (pg.path, i, covered[i], text[max(0, i - 10):i + 10])
        for s in getattr(pg, 'shared_credits', []):
            P.setdefault('shared_credits', []).append(dict(start=text.index(s[0]), end=text.index(s[0]) + len(s[0]), text=s[0], articles=[aid[(pg.path, q)] for q in s[1]]))
        seg.append(P)
    # facts
    rows = []
    for pid, pr in lay.printings.items():
        for ei, s, e, f, tag in pr.facts:
            ps = [charpos.get((pid, ei, c)) for c in range(s, e)]
            assert all(ps), (pid, pr.elems[ei]['text'][s:e])
            groups = []
            for q, p in ps:
                if not groups or groups[-1][0] is not q: groups.append((q, []))
                groups[-1][1].append(p)
            spans = [(q, a, b) for q, lst in groups for a, b in runs(lst, q.chars)]
            rows.append((lay.pages.index(spans[0][0]), spans[0][1], spans[0][2], f, tag, pid, spans))
    rows.sort(key=lambda r: (r[0], r[1], -r[2], r[3]['kind'], str(r[4])))
    count = {}
    for pi, s, e, f, tag, pid, spans in rows:
        pg = lay.pages[pi]; count[pi] = count.get(pi, 0) + 1
        fid = f'{pg.key}-{count[pi]:04d}'
        d = dict(id=fid, page=pg.path, article=aid[(pg.path, pid)], kind=f['kind'], start=s, end=e, text=pg.text[s:e])
        if len(spans) > 1:
            d['spans'] = [[a, b] if q is pg else [a, b, q.path] for q, a, b in spans]; d['texts'] = [q.text[a:b] for q, a, b in spans]
        d.update({k: v for k, v in f.items() if k != 'kind'})
        facts.append(d)
        if tag:
            assert (pid, tag) not in tags, (pid, tag); tags[(pid, tag)] = d
    return seg, facts, tags, aid, charpos

def main():
    import layout
    lay = Layout(load()); layout.lay_out(lay)
    seg, facts, tags, aid, charpos = build(lay)
    out = {}
    for pg in lay.pages: out['pages/' + pg.path] = pg.text
    J = lambda o: json.dumps(o, ensure_ascii=False, indent=1) + '\n'
    out['truth/segments.json'] = J(dict(offsets='Unicode code points into the raw file; end exclusive',
        note_order='articles in order of first appearance; fragments in file order, "order" gives the reading order; "printing" is the key of layout.py',
        note_unmarked='articles with "unmarked" have no facts of those kinds in the truth', pages=seg))
    out['truth/facts.jsonl'] = ''.join(json.dumps(f, ensure_ascii=False) + '\n' for f in facts)
    rp, var = layout.reprints(lay, aid, charpos), layout.variants(lay, aid, charpos)
    out['truth/reprints.json'] = J(rp); out['truth/variants.tsv'] = var
    links = []
    for n, (typ, title, frm, to, claim) in enumerate(layout.LINKS, 1):
        def get(r):
            k = tuple(r.split('#'))
            assert k in tags, ('no such fact', r); return tags[k]
        F, T = [get(r) for r in frm.split()], [get(r) for r in to.split()]
        links.append({'id': f'l{n:02d}', 'type': typ, 'title': title, 'from': [f['id'] for f in F], 'to': [f['id'] for f in T],
            'evidence': [dict(page=f['page'], article=f['article'], start=f['start'], end=f['end'], text=f['text'], role=r, facts=[f['id']]) for r, L in (('from', F), ('to', T)) for f in L], 'claim': claim})
        if not to: links[-1]['note'] = 'the other end is on no held page'
    out['truth/links.json'] = J(dict(links=links))
    # checks
    text = {p.path: p.text for p in lay.pages}
    ids = [f['id'] for f in facts]; assert len(ids) == len(set(ids))
    known = set(ids); arts = {a['id'] for p in seg for a in p['articles']}
    for f in facts:
        assert text[f['page']][f['start']:f['end']] == f['text'] and f['article'] in arts, f
        for sp, t in zip(f.get('spans', []), f.get('texts', [])): assert text[sp[2] if len(sp) > 2 else f['page']][sp[0]:sp[1]] == t
    for l in links:
        assert l['from'] and all(x in known for x in l['from'] + l['to'])
    for p in seg:
        for a in p['articles']:
            for e in a['elements']:
                if 'text' in e: assert text[p['page']][e['start']:e['end']] == e['text']
            orders = sorted(f['order'] for f in a['fragments']); assert orders == list(range(1, len(orders) + 1))
    if '--check' in sys.argv:
        bad = [k for k, v in out.items() if not os.path.exists(os.path.join(HERE, k)) or open(os.path.join(HERE, k), encoding='utf-8', newline='').read() != v]
        if bad: raise SystemExit('differs from what the sources give: ' + ', '.join(bad))
    else:
        for k, v in out.items():
            p = os.path.join(HERE, k); os.makedirs(os.path.dirname(p), exist_ok=True)
            open(p, 'w', encoding='utf-8', newline='').write(v)
    for u in UNCOVERED: print('numeral without truth:', *u, file=sys.stderr)
    kinds = {}
    for f in facts: kinds[f['kind']] = kinds.get(f['kind'], 0) + 1
    print(len(lay.pages), 'pages', sum(len(t) for t in text.values()), 'characters', sum(len(p['articles']) for p in seg), 'articles;', len(facts), 'facts', kinds, len(links), 'links;', len(var.splitlines()) - 1, 'variants; ok')
if __name__ == '__main__': main()
