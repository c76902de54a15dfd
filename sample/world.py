"""Names of the sample's world that the truth refers to (see WORLD.md)."""
STATES = {'云': '云津', '朔': '朔原', '屏': '东屏', '汐': '汐澜', '桐': '桐沙'}
PEOPLE = {'林砚舟': ('总统', '云津'), '赫连岳峤': ('总统', '朔原'), '佟知涯': ('总理', '东屏'), '裘望野': ('总理', '东屏'),
          '穆听澜': ('总统', '汐澜'), '卓启蘅': ('总统', '桐沙'), '闵以渔': ('澜海合作机制秘书长', '云津'),
          '苏叙白': ('外交部部长', '云津'), '綦远峰': ('外交部部长', '朔原'), '郗明渡': ('交通部部长', '云津'),
          '尉迟柏川': ('能源部部长', '朔原'), '邬德磐': ('交通部副部长', '朔原'), '容铭潮': ('交通部部长', '汐澜'),
          '宓长汀': ('交通部部长', '桐沙'), '谌月湾': ('教育部部长', '桐沙')}
REPORTERS = {'宗一苇': '云津', '邬岚': '云津', '亓北川': '朔原', '晏小满': '云津', '邝松': '云津', '鲍春河': '云津', '游采薇': '汐澜',
             '仇大野': '朔原', '季礁': '云津', '岑望': '云津', '丁屿': '云津'}
PLACES = {'霁城': ('city', '云津'), '望澜': ('city', '云津'), '白渡': ('city', '云津'), '朔宁': ('city', '朔原'), '铁山口': ('river crossing', '朔原'),
          '屏阳': ('city', '东屏'), '青垭': ('city', '东屏'), '汐港': ('city', '汐澜'), '潮音': ('city', '汐澜'), '银礁': ('port', '汐澜'),
          '桐湾': ('city', '桐沙'), '砂泉': ('city', '桐沙'), '北砧': ('region', '朔原')}
# lexical numerals that count nothing
PHRASES = [(w, 'word') for w in '统一 一致 一起 一道 一套 一批 一定 一名 一边 唯一 一般 一年间 万亩 八方 一句 一直 一些 一线 一路 一门 一个 一条 一座 一封 一样 一声 同一张 同一件 一件 一趟 一户 一种 之一 一本 一天 一条 一步 一位 一盏 一报 每一个 不一 百姓 一筐 前一年度 两地 少等一夜 这一年 上一 一首 一班 一组 一样高 一间教室 一楼 周末 一帆风顺 一层 一扇 一年要 后半夜 过半 三轮车 半幅 两岸 两国 参半 一片 万家'.split()] + [('宗一苇', 'person name'), ('鞠万里', 'person name'), ('车万顷', 'person name'), ('奚二娘', 'person name'), ('单二嫂', 'person name'), ('五国', 'group'), ('两边', 'phrase'), ('第二届', 'ordinal'), ('三日游', 'phrase'), ('周六', 'weekday'), ('第三天', 'ordinal'), ('第六张', 'ordinal'), ('五张', 'count without a figure'), ('五国', 'group')]
# Named again without a mark of their own: first mention in each story about the mechanism. (printed forms, sector, parties, status 2031, status 2032)
PROJECTS = {'铁山口跨河大桥': (('铁山口跨河大桥', '铁山口跨海大桥', '铁山口大桥', '跨河大桥'), 'transport', '云朔', 'in progress', 'delayed'),
            '北砧风电走廊': (('北砧风电走廊', '风电走廊'), 'energy', '朔', 'announced', 'in progress'),
            '银礁冷链中心': (('银礁冷链中心', '冷链中心'), 'agriculture', '汐', 'announced', 'delivered'),
            '霁城—汐港客运航线': (('霁城至汐港客运航线', '客运航线'), 'transport', '云汐', 'announced', 'delivered'),
            '霁城—汐港海底光缆': (('霁城至汐港海底光缆', '霁城至汐港海底电缆'), 'digital', '云汐', 'delivered', 'delivered'),
            '海水淡化站': (('海水淡化站',), 'development', '云桐', 'announced', 'in progress'),
            '砂泉职业学校': (('砂泉职业学校',), 'education', '云桐', 'announced', 'delivered'),
            '航运联通专项贷款': (('航运联通专项贷款', '航运贷款'), 'finance', '云', 'announced', 'in progress')}
BODIES = {'澜海合作机制秘书处': (('澜海合作机制秘书处', '常设秘书处', '秘书处'), 'secretariat'), '澜海工商理事会': (('澜海工商理事会',), 'council'),
          '海洋数据中心': (('海洋数据中心',), 'centre'), '澜海合作机制青年中心': (('澜海合作机制青年中心', '青年中心'), 'centre')}
# speakers without a name
UNNAMED = {'领队老师', '曲队长', '朔原小伙', '大副', '镇长', '桐沙随员', '蓝姓船工'}
