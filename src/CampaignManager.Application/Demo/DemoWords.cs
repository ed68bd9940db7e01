namespace CampaignManager.Application.Demo;

/// <summary>The words that products are named with, by category: nouns with their usual price in yuan, and what may stand before them.</summary>
internal static class DemoWords
{
    /// <summary>Invented houses, each selling in a few categories.</summary>
    public static readonly (string En, string Zh)[] Brands =
    [
        ("Yunmo", "云陌"), ("Qingheli", "青禾里"), ("Shanye", "山野集"), ("Muxi", "木汐"), ("Nanfeng", "南枫"), ("Bailu", "白鹿间"), ("Xingtang", "星棠"), ("Chuhe", "初荷"),
        ("Lanting", "岚汀"), ("Zhiwei", "知微"), ("Beichen", "北辰坊"), ("Wuyou", "悟柚"), ("Suijian", "穗间"), ("Jinyue", "锦越"), ("Linshui", "邻水"), ("Taoran", "陶然居"),
    ];

    public static readonly Category[] Categories =
    [
        new("baby", 0.9, 0.32,
            "Nappies|纸尿裤|109;Baby wipes|婴儿湿巾|29;Feeding bottle|奶瓶|69;Sleeping bag|婴儿睡袋|159;Romper|连体衣|79;Carrier|婴儿背带|299;Bath towel|婴儿浴巾|49;Teether|牙胶|35;High chair|儿童餐椅|389;Storage cups|辅食储存盒|45",
            "Soft|柔软;Breathable|透气;Organic cotton|有机棉;Travel|便携;Extra-care|加护;Light|轻薄;Anti-slip|防滑;Fragrance-free|无香;Four-season|四季;Gift-boxed|礼盒装"),
        new("beauty", 1.2, 0.50,
            "Face serum|精华液|189;Cleanser|洁面乳|69;Sunscreen|防晒霜|99;Lipstick|口红|129;Face mask|面膜|89;Hand cream|护手霜|39;Shampoo|洗发水|59;Body lotion|身体乳|65;Eye cream|眼霜|219;Toothbrush|电动牙刷|199",
            "Moisturising|保湿;Gentle|温和;Brightening|提亮;Repairing|修护;Refreshing|清爽;Amino-acid|氨基酸;Long-lasting|持久;Sensitive-skin|敏感肌;Travel-size|旅行装;Rose|玫瑰"),
        new("books", 0.8, 0.30,
            "Novel|长篇小说|45;Cookbook|家常菜谱|58;Picture book|儿童绘本|39;History reader|历史读本|62;Notebook|笔记本|25;Fountain pen|钢笔|89;Science reader|科普读物|55;Sketchbook|素描本|32;Language course|外语教程|79;Desk planner|台历手帐|36",
            "Collector's|珍藏版;Illustrated|彩绘;Pocket|口袋;Hardcover|精装;Newly revised|新修订;Annotated|注释版;Classic|经典;Beginner's|入门;Bilingual|双语;Two-volume|上下册"),
        new("electronics", 1.0, 0.18,
            "Earbuds|无线耳机|299;Power bank|移动电源|119;Charging cable|充电线|39;Bluetooth speaker|蓝牙音箱|259;Smart watch|智能手表|699;Desk lamp|护眼台灯|159;Keyboard|键盘|229;Mouse|鼠标|99;Tablet stand|平板支架|59;Air purifier|空气净化器|899",
            "Slim|超薄;Fast-charging|快充;Noise-cancelling|降噪;Mini|迷你;Foldable|折叠;Silent|静音;Long-battery|长续航;Waterproof|防水;Dual-mode|双模;Magnetic|磁吸"),
        new("food", 1.4, 0.24,
            "Mixed nuts|坚果礼盒|79;Green tea|绿茶|128;Rice|大米|69;Olive oil|橄榄油|99;Oat cereal|燕麦片|39;Beef jerky|牛肉干|59;Fruit box|水果礼盒|109;Coffee beans|咖啡豆|85;Honey|蜂蜜|65;Noodles|面条|25",
            "Selected|精选;Low-sugar|低糖;Farm|农家;Freshly roasted|现烘;Wild|野生;Cold-pressed|冷榨;New-harvest|新季;Family-size|家庭装;Single-origin|单一产地;Hand-made|手工"),
        new("garden", 0.5, 0.40,
            "Flower pot|花盆|39;Potting soil|营养土|29;Watering can|洒水壶|45;Seed set|种子套装|25;Pruning shears|园艺剪|59;Plant stand|花架|129;Garden hose|浇花水管|89;Succulents|多肉组合|49;Grow light|植物灯|139;Hanging basket|吊篮|55",
            "Ceramic|陶瓷;Balcony|阳台;Self-watering|自吸水;Galvanised|镀锌;Biodegradable|可降解;Nordic|北欧风;Stackable|可叠放;Easy-care|好养;Rattan|藤编;Compact|小巧"),
        new("home", 1.3, 0.42,
            "Bedding set|四件套|269;Pillow|枕头|89;Throw blanket|盖毯|119;Storage box|收纳箱|49;Curtains|窗帘|159;Floor mat|地垫|59;Table lamp|床头灯|129;Laundry basket|脏衣篮|55;Quilt|被子|299;Hangers|衣架|29",
            "Cotton|纯棉;Linen|亚麻;Washed|水洗;Memory-foam|记忆棉;Blackout|遮光;Quick-dry|速干;Thickened|加厚;Japanese-style|日式;Foldable|可折叠;Antibacterial|抗菌"),
        new("kitchen", 1.2, 0.40,
            "Frying pan|平底锅|169;Chef's knife|主厨刀|139;Rice cooker|电饭煲|329;Cutting board|砧板|69;Lunch box|饭盒|49;Kettle|烧水壶|119;Spice rack|调料架|59;Bowl set|碗碟套装|129;Thermos|保温杯|89;Whisk|打蛋器|29",
            "Non-stick|不粘;Stainless|不锈钢;Cast-iron|铸铁;Bamboo|竹制;Multi-purpose|多功能;Leak-proof|密封;Ceramic-coated|陶瓷釉;Space-saving|省空间;Heat-resistant|耐高温;Dishwasher-safe|可机洗"),
        new("pets", 0.7, 0.33,
            "Cat food|猫粮|129;Dog food|狗粮|149;Cat litter|猫砂|45;Pet bed|宠物窝|99;Leash|牵引绳|49;Scratcher|猫抓板|35;Water fountain|宠物饮水机|119;Treats|宠物零食|29;Carrier bag|宠物包|139;Grooming brush|梳毛刷|39",
            "Grain-free|无谷;Freeze-dried|冻干;Dust-free|无尘;Washable|可水洗;Reflective|反光;Corrugated|瓦楞;Quiet|静音;Salmon|三文鱼;Large|大号;Self-cleaning|自清洁"),
        new("shoes", 1.1, 0.45,
            "Running shoes|跑步鞋|329;Canvas shoes|帆布鞋|149;Sandals|凉鞋|119;Loafers|乐福鞋|259;Hiking boots|登山靴|459;Slippers|拖鞋|39;Ankle boots|短靴|299;Trainers|板鞋|229;Insoles|鞋垫|29;Rain boots|雨靴|99",
            "Lightweight|轻量;Cushioned|缓震;Breathable|透气;Suede|麂皮;Waterproof|防水;Wide-fit|宽楦;Vintage|复古;Slip-on|一脚蹬;Warm-lined|加绒;Everyday|通勤"),
        new("sports", 0.8, 0.36,
            "Yoga mat|瑜伽垫|99;Dumbbells|哑铃|159;Sports bottle|运动水壶|59;Tent|帐篷|399;Backpack|登山包|269;Jump rope|跳绳|29;Leggings|运动紧身裤|129;Badminton racket|羽毛球拍|189;Camping chair|露营椅|119;Cycling gloves|骑行手套|49",
            "Extra-thick|加厚;Ultralight|超轻;Carbon|碳素;Quick-dry|速干;Adjustable|可调节;Windproof|防风;Competition|专业;Two-person|双人;Anti-slip|防滑;High-waist|高腰"),
        new("toys", 0.7, 0.38,
            "Building blocks|积木|129;Jigsaw|拼图|59;Plush bear|毛绒熊|79;Remote car|遥控车|159;Board game|桌游|109;Doll house|娃娃屋|199;Clay set|彩泥套装|35;Telescope|儿童望远镜|89;Balance bike|平衡车|299;Bubble machine|泡泡机|45",
            "Wooden|木质;Glow|夜光;Magnetic|磁力;Giant|大号;Award|获奖;Musical|音乐;Educational|益智;Space|太空;Dinosaur|恐龙;Washable|可水洗"),
    ];

    /// <summary>One category: key, names, how much of the shop's demand it draws, usual gross margin, nouns and adjectives as <c>en|zh|price</c>.</summary>
    internal sealed record Category(string Key, double Popularity, double Margin, string NounList, string AdjectiveList)
    {
        public (string En, string Zh, double Price)[] Nouns { get; } = [.. NounList.Split(';').Select(n => n.Split('|'))
            .Select(n => (n[0], n[1], double.Parse(n[2], System.Globalization.CultureInfo.InvariantCulture)))];

        public (string En, string Zh)[] Adjectives { get; } = [.. AdjectiveList.Split(';').Select(a => a.Split('|')).Select(a => (a[0], a[1]))];

        /// <summary>
        /// The words of a category's product by its place: every noun with every adjective once; a stride through the adjectives keeps
        /// neighbours different.
        /// </summary>
        public ((string En, string Zh, double Price) Noun, (string En, string Zh) Adjective) Of(int place) =>
            (Nouns[place % 10], Adjectives[((place / 10) + (place * 3)) % 10]);
    }
}
