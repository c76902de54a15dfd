"""Where every article goes, and what happens to it on the way."""
S_FULL = [
    dict(old='定期会面', new='定期见面', cls='misreading', right='A', confidence='high', note='fluent exchange'),
    dict(old='也挡不住', new='挡不住', cls='omission', right='A', confidence='high', note='function word lost inside a direct quotation'),
]
S_SHORT = [
    dict(old='，比上年增长11.4%；经海路往来的旅客超过230万人次；霁城至汐港海底光缆全线贯通，总长1340公里。', new='。', cls='abridgement', right='A', confidence='high', note='sentence cut'),
    dict(old='，欢迎各方企业到汐港设立海产品加工基地', new='', cls='abridgement', right='A', confidence='high', note='clause cut'),
    dict(old='会上还签署17份合作文件。', new='', cls='abridgement', right='A', confidence='high', note='sentence cut'),
]
S_MISREAD = [
    dict(old='——五国领导人', new='一五国领导人', cls='punctuation', right='A', confidence='high', note='dash of the deck read as the numeral one'),
    dict(old='由此有了定期', new='由此有定期', cls='omission', right='A', confidence='high', note='function word lost'),
    dict(old='意向变成合同', new='意见变成合同', cls='misreading', right='A', confidence='high', note='noun exchanged, fluent'),
    dict(old='海底光缆', new='海底电缆', cls='misreading', right='A', confidence='high', note='noun exchanged, fluent; the speech speaks of 海底电缆 elsewhere'),
    dict(old='1340公里', new='1840公里', cls='number', right='A', confidence='high', note='one digit', set={'value': 1840}),
    dict(old='向各方提供600个', new='向各国提供600个', cls='misreading', right='A', confidence='medium', note='the speech prints 各方'),
    dict(old='还将向桐方', new='将向桐方', cls='omission', right='A', confidence='high', note='function word lost; the cue of the promise', set={'modality': '将'}, kinds='commitment'),
    dict(old='补得再密', new='补得再紧', cls='misreading', right='A', confidence='high', note='inside a direct quotation'),
    dict(old='铁山口跨河大桥，', new='铁山口跨海大桥，', cls='name', right='A', confidence='high', note='river turned into sea'),
    dict(old='科考船供各国轮流', new='科考船供各国轮换', cls='misreading', right='A', confidence='medium', note='inside a direct quotation'),
]
S_HOUSE = [
    dict(old='云津社霁城6月16日电（记者宗一苇 邬岚）', new='本报霁城6月17日电（特派记者仇大野）', byline='特派记者仇大野', cls='wording', right='?', confidence='high', note="the paper's own dateline over the agency's text"),
    dict(old='热烈而务实', new='坦诚而务实', cls='wording', right='?', confidence='low', note='house edit'),
    dict(old='通过《2031年', new='审议通过《2031年', cls='wording', right='?', confidence='low', note='house edit'),
]
RD_LOST = [
    dict(old='用，41部正在施工，惠及居民近3000户。加装费用由住户、街道', new='', cls='lost', right='A', note='column foot lost'),
    dict(old='，老旧小区的供水管网也将同步更换。', new='', cls='lost', right='A', note='tail lost'),
]
MM_SHORT = [
    dict(old='云津社潮音6月16日电（记者邬岚）', new='据云津社潮音6月16日电 ', cls='wording', right='?', note='house dateline'),
]
M1 = {'headline': '# ', 'deck': '## ', 'subhead': '### ', 'kicker': '## '}
M2 = {'headline': '## ', 'deck': '### ', 'subhead': '**', 'kicker': '### '}
M2.pop('subhead')

def lay_out(L):
    L.printing('S.w', 'S', S_FULL)
    L.printing('S.x', 'S', S_SHORT, drop=('D', 'P2', 'P9', 'P11', 'P12', 'P13'))
    L.printing('S.e', 'S', S_MISREAD)
    L.printing('S.h', 'S', S_HOUSE)
    L.printing('RD', 'RD', RD_LOST)
    L.printing('MM.s', 'MM', MM_SHORT, drop=('P2', 'P3', 'P5', 'P6'))
    L.printing('YR.x', 'YR', [dict(old='云津社白渡6月16日电（记者宗一苇）', new='据云津社白渡6月16日电 ', cls='wording', right='?', note='house dateline')], drop=('K', 'D', 'P3', 'P5', 'P6', 'P8', 'P9', 'S'))
    put = L.put
    W, Sn, X = '望澜日报', '朔宁时报', '汐港新闻'

    # ------------------------------------------------ 2031-06-17
    p = L.page('wanglan-daily/2031-06-17/01.md', 'md', paper=W, date='2031-06-17', no='1', basis='printed', kind='vision-model markdown'); p.key = 'W0617-01'
    p.furniture('masthead', '望澜日报　2031年6月17日　星期二　总第8127期　今日8版', mark='# ')
    p.furniture('page-list', '01版:要闻　02版:要闻　03版:望澜新闻　04版:海事周刊　05—08版:专题')
    put(p, 'S.w', until='各方把图纸变成', marks=M1)
    put(p, 'S.w', until='还将向桐方援建3座海水淡')
    put(p, 'HV', until='歇人不歇', marks=M2)
    put(p, 'PH', roles=('caption', 'credit')); put(p, 'PH', marks={'headline': '### '})
    put(p, 'HV')
    p.section('城事快递', ['BR1', 'BR2', 'BR3'], mark='# ')
    put(p, 'BR1', marks=M2); put(p, 'BR2', marks=M2); put(p, 'BR3', marks=M2)
    p.shared_credits = [('（以上均据本报体育、城建综合报道）', ['BR1', 'BR2', 'BR3'])]
    put(p, 'S.w', until='愿拿出两艘科考'); put(p, 'S.w')
    put(p, 'YC', marks=M1)
    put(p, 'AN', until='秘书处派去三名', marks=M2)
    put(p, 'SL', marks=M2)
    put(p, 'AN')
    put(p, 'SP', until='最窄处只', marks=M1)
    put(p, 'SP', until='先把两条海底电缆的账算清'); p.jump('SP', '（下转第2版）', inline=True)
    p.furniture('staff', '值班编委：岑 望　责编：毕一帆　版式：奚 宁　校对：鲍春河')
    p.notes = [('S.w', 'interrupted in mid-sentence by the harvest story and three briefs, resumed far below'), ('HV', 'a photo item stands inside a sentence')]

    p = L.page('wanglan-daily/2031-06-17/02.md', 'md', paper=W, date='2031-06-17', no='2', basis='inferred: folder; jump from page 1', kind='vision-model markdown'); p.key = 'W0617-02'
    p.furniture('folio', '02 要闻')
    p.jump('SP', '（上接第1版）'); put(p, 'SP', until='把今天的约定写', marks=M2); put(p, 'SP')
    put(p, 'PL', until='澜海合作机制走过了', marks=M1)
    put(p, 'SC', until='新校舍占地2.8公', marks=M1)
    put(p, 'PL', until='要把下一步谁来办、何')
    put(p, 'SC', until='校长介绍，三年前学校动议迁')
    put(p, 'PL', until='每天处理9万多')
    put(p, 'SC', until='墙上挂着五国小')
    put(p, 'PL', until='因各方对过网电')
    put(p, 'SC'); put(p, 'PL')
    put(p, 'NT1', marks={'headline': '### '})
    p.notes = [('PL', 'cut into pieces alternately with the school story'), ('SC', 'cut into pieces alternately with the platforms feature')]

    p = L.page('shuoning-times/2031-06-17/A1.txt', 'wrap', width=16, paper=Sn, date='2031-06-17', no='A1', basis='printed', kind='PDF text layer'); p.key = 'S0617-A1'
    p.furniture('masthead', '朔宁时报2031年6月17日星期二A1版要闻 编辑/仇大野 热线0309-88410')
    put(p, 'IN', until='“北砧的风机一年要白转'); p.column(); put(p, 'IN', until='首脑约定，跨河大桥2033年'); p.column(); put(p, 'IN')
    p.column(); put(p, 'RD', until='签一户、公示一户”。'); put(p, 'MK', frm='卖了三十年', until='生意就稳了。”', copy=True)
    put(p, 'RD'); p.column()
    put(p, 'MK', until='分为四个区，摊位由310个增加'); p.column(); put(p, 'MK')
    p.column(); put(p, 'MB'); p.column(); put(p, 'WT')
    p.notes = [('RD', 'a paragraph of the market story is printed inside; a column foot and the tail are lost, unmarked'), ('MK', 'one sentence is printed twice, first inside the lift story')]

    p = L.page('xigang-news/2031-06-17/1.txt', 'plain', paper=X, date='2031-06-17', no='1', basis='inferred: folder; dateline 6月16日电', kind='recognition text without heading marks'); p.key = 'X0617-1'
    put(p, 'RS', roles=('body', 'tail_dateline')); put(p, 'RS', roles=('headline',))
    put(p, 'TV'); put(p, 'JB')
    put(p, 'S.x', until='云方将在未来两年向各')
    put(p, 'S.x', until='目前已完成工程量的近')
    put(p, 'AD', until='扫码预')
    put(p, 'S.x'); put(p, 'AD')
    p.notes = [('RS', 'headline after the body'), ('AD', 'an advertisement inside the summit story')]

    # ------------------------------------------------ 2031-06-18
    p = L.page('wanglan-daily/2031-06-18/01.md', 'md', paper=W, date='2031-06-18', no='1', basis='printed', kind='vision-model markdown'); p.key = 'W0618-01'
    p.furniture('masthead', '望澜日报 2031年6月18日 星期三 总第8128期')
    put(p, 'TG1', marks=M1); put(p, 'TG2', marks=M1)
    put(p, 'PJ1', until='“比原先想的慢了一', marks=M2); p.jump('PJ1', '（下转第2版①）', inline=True)
    put(p, 'CM1', until='有的通了车，有的通', marks=M2)
    put(p, 'PJ2', until='首批80名学员今年', marks=M2); p.jump('PJ2', '（下转第2版②）', inline=True)
    put(p, 'CM1')
    put(p, 'CH', marks=M2); put(p, 'LF', marks=M2)
    p.notes = [('CM1', 'interrupted by the academy story in mid-sentence')]

    p = L.page('wanglan-daily/2031-06-18/02.md', 'md', paper=W, date='2031-06-18', no='2', basis='printed', kind='vision-model markdown'); p.key = 'W0618-02'
    p.furniture('folio', '第2版　要闻·综合　2031.6.18')
    p.jump('PJ1', '（上接第1版①）'); put(p, 'PJ1', until='去年停了57天。朔方岸上')
    p.jump('PJ2', '（上接第1版②）'); put(p, 'PJ2', until='笑着说，自己三')
    put(p, 'PJ1'); put(p, 'PJ2')
    put(p, 'FE', marks=M1); put(p, 'RP', marks=M2)
    put(p, 'BK', marks={'headline': '# '})
    put(p, 'NT2', marks=M2)
    p.furniture('staff', '责编：毕一帆　美编：奚 宁　热线：0417-6611000')
    p.notes = [('PJ1', 'tail without headline, interrupted by the next tail'), ('PJ2', 'tail without headline')]

    p = L.page('shuoning-times/2031-06-18/A1.txt', 'wrap', width=15, paper=Sn, date='2031-06-18', no='A1', basis='printed', kind='PDF text layer'); p.key = 'S0618-A1'
    put(p, 'S.h', roles=('body',), until='合影，随后步入会'); p.column()
    put(p, 'S.h', roles=('headline', 'deck')); p.column()
    put(p, 'S.h', until='总额12亿澜元的航运'); p.column()
    put(p, 'CM2', until='够买两袋'); p.column()
    put(p, 'S.h', until='欢迎各方企业到汐'); p.column()
    put(p, 'CM2'); p.column(); put(p, 'S.h')
    p.column(); put(p, 'DR')
    p.furniture('masthead', '2031 年 6 月18 日 星期三 A1 朔宁时报 今日 12 版')
    p.notes = [('S.h', 'headline and deck stand after the first column; alternates with the commentary'), ('CM2', 'alternates with the summit story')]

    p = L.page('xigang-news/2031-06-18/1.txt', 'plain', paper=X, date='2031-06-18', no='1', basis='inferred: folder; credit 6月17日电', kind='recognition text without heading marks'); p.key = 'X0618-1'
    put(p, 'S.e', until='霁城至汐港海底电'); put(p, 'S.e', until='佟知涯说：“一家的渔')
    p.section('朔原短波', ['SB1', 'SB2', 'SB3', 'SB4'])
    for b in ('SB1', 'SB2', 'SB3', 'SB4'): put(p, b)
    p.shared_credits = [('（均据朔原通讯社6月17日电）', ['SB1', 'SB2', 'SB3', 'SB4'])]
    put(p, 'S.e'); put(p, 'FN')
    p.notes = [('S.e', 'interrupted by four briefs'), ('SB4', 'its last words are the credit of all four briefs')]

    # ------------------------------------------------ 2032-06-17
    p = L.page('wanglan-daily/2032-06-17/01.md', 'md', paper=W, date='2032-06-17', no='1', basis='printed', kind='vision-model markdown'); p.key = 'W3217-01'
    p.furniture('masthead', '望澜日报　2032年6月17日　星期四　总第8493期', mark='## ')
    put(p, 'YR', until='“白鸥号”客轮往', marks=M1)
    put(p, 'IT', roles=('caption', 'credit')); put(p, 'IT', marks={'headline': '### '})
    put(p, 'YR', until='还差不到三'); put(p, 'YR', until='五国渔船的电子证')
    put(p, 'MM', until='“缆绳的事好办，难', marks=M1)
    put(p, 'YR', until='闵以渔归纳为三句')
    put(p, 'MM', until='24小时海上搜救联')
    put(p, 'YR'); put(p, 'MM')
    put(p, 'NB', until='检疫没快，一筐', marks=M1); put(p, 'DA', marks=M2); put(p, 'NB'); put(p, 'QA', marks=M1); put(p, 'HV2', marks=M2); put(p, 'YS', marks=M2)
    p.furniture('staff', '值班编委：晏小满　责编：毕一帆')
    p.notes = [('YR', 'a photo item inside a sentence; alternates with the ministers story'), ('MM', 'alternates with the list story')]

    p = L.page('shuoning-times/2032-06-17/A1.txt', 'wrap', width=17, paper=Sn, date='2032-06-17', no='A1', basis='printed', kind='PDF text layer'); p.key = 'S3217-A1'
    p.furniture('masthead', '朔宁时报 2032年6月17日 星期四 第4410期 A1')
    put(p, 'IN2', until='“晚了七个月，上月底才送到'); p.column()
    put(p, 'ZH', until='志愿填报6月25日8时'); p.column()
    put(p, 'IN2', until='首段120公里明年'); p.column()
    put(p, 'ZH'); p.column(); put(p, 'IN2'); p.column()
    put(p, 'MM.s', roles=('body',)); put(p, 'MM.s', roles=('headline',))
    p.column(); put(p, 'PT'); p.column(); put(p, 'HS')
    p.notes = [('IN2', 'alternates with the examination story'), ('MM.s', 'headline after the body')]

    p = L.page('xigang-news/2032-06-17/1.txt', 'plain', paper=X, date='2032-06-17', no='1', basis='inferred: folder', kind='recognition text without heading marks'); p.key = 'X3217-1'
    put(p, 'CC', until='总库容6.8万'); put(p, 'SQ', until='学校开设水电、制')
    put(p, 'CC', until='“去年6月，总统'); put(p, 'SQ')
    put(p, 'CC'); put(p, 'YR.x', until='正式开航，比原'); put(p, 'GM'); put(p, 'YR.x')
    put(p, 'LT'); put(p, 'GB')
    p.notes = [('CC', 'alternates with the school story'), ('SQ', 'alternates with the cold-chain story'), ('YR.x', 'interrupted by the light-rail story')]

# ---------------------------------------------------------------- printings compared
def _loc(charpos, pid, ei, a, b):
    ps = [charpos[(pid, ei, c)] for c in range(a, b) if (pid, ei, c) in charpos]
    if not ps:
        q = charpos.get((pid, ei, a - 1)) or charpos.get((pid, ei, a))
        return (q[0].path, q[1] + 1, q[1] + 1) if q else None
    return (ps[0][0].path, ps[0][1], ps[-1][1] + 1)

def loci(L, pids):
    """[(ei, s, t)] over the base, with each printing's reading; None = not covered (abridged)"""
    base = L.arts[L.printings[pids[0]].art['id']]
    eds = {p: L.printings[p].edits for p in pids}
    spots = sorted({(ei, s, t) for p in pids for ei, s, t, a, b, e in eds[p]})
    out = []
    for ei, s, t in spots:
        own = [(p, e, a, b) for p in pids for i, x, y, a, b, e in eds[p] if (i, x, y) == (ei, s, t)]
        row = []
        for p in pids:
            hit = next(((e['new'], a, b, e) for q, e, a, b in own if q == p), None)
            if hit: row.append((p, hit[0], hit[1], hit[2], hit[3])); continue
            over = [e for i, x, y, a, b, e in eds[p] if i == ei and x < t and y > s]
            if over: row.append((p, None, 0, 0, None)); continue
            shift = sum((b - a) - (y - x) for i, x, y, a, b, e in eds[p] if i == ei and y <= s)
            row.append((p, base['elems'][ei]['text'][s:t], s + shift, t + shift, None))
        out.append((ei, s, t, row))
    return out

STORIES = [('summit', ['S.w', 'S.x', 'S.e', 'S.h']), ('ministers', ['MM', 'MM.s']), ('list', ['YR', 'YR.x'])]
def variants(L, aid, charpos):
    cols = 'id story wit_A wit_B loc_A loc_B reading_A reading_B context_left context_right class right confidence note'.split()
    lines, n = ['\t'.join(cols)], 0
    for story, pids in STORIES[:1]:
        for ei, s, t, row in loci(L, pids):
            base = L.arts[L.printings[pids[0]].art['id']]['elems'][ei]['text']
            keep = [r for r in row if r[4] is None and r[1] is not None]
            for p, new, a, b, e in row:
                if e is None: continue
                n += 1
                # narrow to what differs
                old = e['old']; i = 0
                while i < min(len(old), len(new)) and old[i] == new[i]: i += 1
                j = 0
                while j < min(len(old), len(new)) - i and old[-1 - j] == new[-1 - j]: j += 1
                ra, rb = old[i:len(old) - j], new[i:len(new) - j]
                k = keep[0]
                la = _loc(charpos, k[0], ei, k[2] + i, k[3] - j); lb = _loc(charpos, p, ei, a + i, b - j)
                f = lambda l: '%s:%d-%d' % l if l else '-'
                short = lambda x: (x if len(x) <= 60 else x[:25] + '…' + x[-25:]) or '∅'
                lines.append('\t'.join([f'v{n:02d}', story, ','.join(r[0] for r in keep), p, f(la), f(lb), short(ra), short(rb), base[max(0, s + i - 10):s + i], base[t - j:t - j + 10],
                                        e['cls'], e.get('right', 'A'), e.get('confidence', 'high'), e.get('note', 'whole element left out')]))
    return '\n'.join(lines) + '\n'

def reprints(L, aid, charpos):
    path = {}
    for (pg, pid), a in aid.items(): path.setdefault(pid, []).append(a)
    fam = []
    rel = {'S.x': 'abridged', 'MM.s': 'abridged', 'YR.x': 'abridged'}
    for story, pids in STORIES:
        fam.append(dict(id=story, members=[dict(article=path[p][0], printing=p, relation=rel.get(p, 'full'),
            chars=sum(len(e['text']) for e in L.printings[p].elems)) for p in pids],
            variants='variants.tsv' if story == 'summit' else [dict(cls=e['cls'], a=e['old'], b=e['new'], note=e.get('note', '')) for p in pids[1:] for _, s, t, a, b, e in L.printings[p].edits if e.get('note')]))
    def quote(pid, s):
        for ei, el in enumerate(L.printings[pid].elems):
            at = el['text'].find(s)
            if at >= 0:
                l = _loc(charpos, pid, ei, at, at + len(s)); return dict(article=next(a for a in path[pid] if a.startswith(l[0])), page=l[0], start=l[1], end=l[2], text=l and next(p.text for p in L.pages if p.path == l[0])[l[1]:l[2]])
        raise SystemExit(('no passage', pid, s))
    shared = [
        dict(a='SP', b='RS', relation='quotation', passages=['做到的写做到，没做到的写没做到', '这条船上没有看客。', '让我们把今天的约定写进海图，让明天出海的人用得上。'], note='a speech in full and the report of it'),
        dict(a='CM1', b='CM2', relation='shared-passage', passages=['合作不是请客吃饭，账要算在明处，路要走在实处。'], note='two commentaries of two papers share one stock sentence; not one story'),
        dict(a='TG1', b='TG2', relation='boilerplate', passages=['祝贺澜海合作机制青年中心成立', '青年中心的成立，为五国青年'], note='two telegrams of one day from one template'),
    ]
    rels = []
    for n, r in enumerate(shared, 1):
        rels.append(dict(id=f'r{n:02d}', a=path[r['a']], b=path[r['b']], relation=r['relation'], note=r['note'], shared=[dict(a=quote(r['a'], s), b=quote(r['b'], s)) for s in r['passages']]))
    look = [('S.w', 'IN', 'same event, own wording of the other agency: independent origin'), ('S.w', 'SB1', 'same headline, other text, other agency'), ('SP', 'S.w', 'the report paraphrases promises of the speech; neither is a printing of the other'),
            ('S.w', 'RS', 'two stories of one agency on one day about one event'), ('TG1', 'TG2', 'two telegrams from one template'), ('CM1', 'CM2', 'one stock sentence only'),
            ('YR', 'IN2', 'same event, independent report'), ('HV', 'HV2', 'harvest news of two years, same byline'), ('YR', 'SQ', 'one sentence about the same school, own texts')]
    dup = [dict(page='shuoning-times/2031-06-17/A1.txt', article=path['MK'][0], note='sentence 卖了三十年…生意就稳了 printed twice, first copy inside ' + path['RD'][0])]
    return dict(families=fam, related=rels, printed_twice_on_one_page=dup, look_alike_but_not=[dict(a=path[a], b=path[b], why=w) for a, b, w in look])

LINKS = [
    ('delivers', 'trawlers scrapped so far', 'DA#da_scrap', 'SP#sp_scrap', '212 of 900 by 2033: in part'),
    ('delivers', 'visa waiver in force', 'DA#da_visa', 'S.w#c_visa', 'agreed for 2032, in force since 2032-03-01'),
    ('same-as', 'yearly list promised, report and speech', 'S.w#c_list', 'SP#sp_list', 'one promise'),
    ('delivers', 'yearly list published, against the report', 'YR#yr_list', 'S.w#c_list', 'first list, one year on'),
    ('restates', 'new bridge deadline, in an answer', 'QA#qa_bridge', 'YR#yr_bridge', 'now a contract with a penalty'),
    ('same-as', 'number of outcomes', 'YR#yr_58', 'S.w#f_58', 'same figure a year apart'),
    ('restates', 'support for the disaster laboratory', 'SP#sp_lab', 'S.w#c_lab', 'a second state takes up the proposal; nothing in 2032'),
    ('same-as', 'loan in report and speech', 'S.w#c_loan', 'SP#sp_loan', 'one promise'),
    ('same-as', 'training places in report and speech', 'S.w#c_train', 'SP#sp_train', 'one promise'),
    ('same-as', 'ferry in report and speech', 'S.w#c_ferry', 'SP#sp_ferry', 'one promise'),
    ('same-as', 'desalination plants in report and speech', 'S.w#c_desal', 'SP#sp_desal', 'one promise'),
    ('same-as', 'loan, speech and its report', 'RS#rs_loan', 'SP#sp_loan', 'one promise'),
    ('same-as', 'ferry, speech and its report', 'RS#rs_ferry', 'SP#sp_ferry', 'one promise'),
    ('same-as', 'grid working group', 'RS#rs_grid', 'SP#sp_grid', 'one proposal'),
    ('same-as', 'study costs', 'RS#rs_study', 'SP#sp_study', 'the report turns an intention into part of a proposal'),
    ('same-as', 'training places, other agency', 'IN#in_train', 'S.w#c_train', 'agrees'),
    ('same-as', 'bridge, both agencies', 'IN#in_bridge', 'S.w#c_bridge', 'agrees'),
    ('contradicts', 'size of the loan', 'IN#in_f_loan', 'S.w#f_loan', '10 against 12 hundred million 澜元'),
    ('contradicts', 'trade in 2030', 'IN#in_f_trade', 'S.w#f_trade', '1840 against 1860'),
    ('contradicts', 'length of the cable', 'S.e#f_cable', 'S.w#f_cable', 'a misreading: 1840 against 1340; printings of one story, not a second opinion'),
    ('contradicts', 'parts do not make the total: 18+12+9+5=44', 'SP#i_18', 'SP#f_46', 'total of 46 projects'),
    ('contradicts', 'parts do not make the total: 3.5+2.1+0.9=6.5', 'CC#cc_a CC#cc_b CC#cc_c', 'CC#cc_68', 'total of 6.8万吨'),
    ('part-of', 'done among 58', 'YR#yr_31', 'YR#yr_58', '31+22+5=58'),
    ('part-of', 'under way among 58', 'YR#yr_22', 'YR#yr_58', '31+22+5=58'),
    ('part-of', 'not begun among 58', 'YR#yr_5', 'YR#yr_58', '31+22+5=58'),
    ('contradicts', 'how many are done', 'IN2#in2_29', 'YR#yr_31', '29 against 31'),
    ('contradicts', 'trade in 2031', 'IN2#in2_trade', 'YR#yr_trade', '1970 against over 2000'),
    ('delivers', 'ferry opened', 'YR#yr_ferry', 'S.w#c_ferry', 'due 2031-12-31, opened 2032-04-12: late'),
    ('delivers', 'cold-chain centre opened', 'YR#yr_cold', 'S.w#c_cold', 'due 2032-06, opened 2032-05-28: in time'),
    ('delivers', 'first of three desalination plants', 'YR#yr_desal1', 'S.w#c_desal', 'one of three: in part'),
    ('revises', 'the other two plants get a date', 'YR#yr_desal', 'S.w#c_desal', 'no deadline before, spring 2033 now'),
    ('delivers', 'a promise no held page prints', 'YR#yr_school', '', 'promised on a visit of 2030'),
    ('delivers', 'tariff scheme sent', 'IN2#in2_tariff', 'PL#c_tariff', 'due 2031-10-31, sent 2032-05'),
    ('revises', 'training places raised from 600 to 800', 'YR#yr_train', 'S.w#c_train', 'other amount a year later'),
    ('revises', 'bridge deadline', 'YR#yr_bridge', 'S.w#c_bridge', '2033 to 2034-06-30'),
    ('revises', 'bridge deadline, other agency', 'IN2#in2_bridge', 'IN#in_bridge', 'before the flood season of 2034'),
    ('same-as', 'new bridge deadline', 'IN2#in2_bridge', 'YR#yr_bridge', '6月底前 against 汛期前'),
    ('revises', 'wind corridor 30 to 35', 'IN2#in2_wind', 'IN#in_wind', 'more money, deadline for the first section only'),
    ('restates', 'wind corridor in a commentary', 'CM2#cm_wind', 'IN#in_wind', 'weaker force than the report'),
    ('restates', 'two research ships, now with a date', 'SB2#sb_ship', 'S.w#c_ship', 'willing, then announced'),
    ('restates', 'host of the third summit', 'YR#yr_third', 'S.w#c_third', 'reaffirmed by the new head of government'),
    ('part-of', 'loan signed so far', 'YR#yr_loan74', 'YR#yr_loan', '7.4 of 12'),
    ('same-as', 'list of 46 projects', 'RS#rs_46', 'SP#f_46', 'same figure'),
    ('part-of', 'academy share of the training places', 'PJ2#pj_80', 'S.w#c_train', 'first 80 of 240 of 600'),
    ('delivers', 'yearly list published', 'YR#yr_list', 'SP#sp_list', 'first list, one year on'),
    ('revises', 'bridge deadline, in an answer', 'QA#qa_bridge', 'S.w#c_bridge', '2033 to 2034-06-30'),
    ('delivers', 'loan signed so far', 'YR#yr_loan74', 'S.w#c_loan', '7.4 of 12: in part'),
    ('same-as', 'the printings of one promise', 'S.x#c_train S.e#c_train S.h#c_train', 'S.w#c_train', 'four printings, one origin'),
]
