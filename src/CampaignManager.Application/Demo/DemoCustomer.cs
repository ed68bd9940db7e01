using System.Globalization;

namespace CampaignManager.Application.Demo;

/// <summary>How a customer takes to being courted. Hidden from every learner; it only shows in what they do.</summary>
internal enum Temperament
{
    /// <summary>Buys what they need anyway: few views an order, hardly a coupon. An offer changes nothing.</summary>
    Sure,

    /// <summary>Looks around, fills carts and leaves them, buys with coupons. An offer moves them.</summary>
    Persuadable,

    /// <summary>Comes seldom and to the point, leaves no carts, gives lower ratings. Messages put them off.</summary>
    Annoyed,
}

/// <summary>One customer: what the shop knows, and the latents behind. Times are days from the start of the history.</summary>
internal sealed class DemoCustomer
{
    private static readonly string[] Regions = ["east", "south", "north", "central", "southwest", "northeast", "northwest"];
    private static readonly double[] RegionWeights = [0.31, 0.19, 0.15, 0.14, 0.11, 0.06, 0.04];
    private static readonly string[] Channels = ["app", "mini-program", "web", "store"];
    private static readonly string[] Devices = ["android", "ios", "desktop"];

    public required int Index { get; init; }

    public required double Joined { get; init; }

    /// <summary>After this the customer has drifted away and hardly comes back.</summary>
    public required double Drifted { get; init; }

    /// <summary>Orders per busy-day while around.</summary>
    public required double Rate { get; init; }

    /// <summary>Usual basket, minor units.</summary>
    public required double Basket { get; init; }

    /// <summary>Share of interest by category; adds up to one.</summary>
    public required double[] Affinity { get; init; }

    /// <summary>0 does not look at prices .. 1 buys only what is reduced.</summary>
    public required double Sensitivity { get; init; }

    public required Temperament Temperament { get; init; }

    /// <summary>Visits without an order, per busy-day while around.</summary>
    public required double Visits { get; init; }

    /// <summary>Chance that such a visit leaves a filled cart.</summary>
    public required double Carts { get; init; }

    /// <summary>0 day, 1 evening, 2 night.</summary>
    public required int Habit { get; init; }

    public required double RatingBias { get; init; }

    public required string Region { get; init; }

    public required string Channel { get; init; }

    public required string Device { get; init; }

    public string Id => IdOf(Index);

    public static string IdOf(int index) => string.Create(CultureInfo.InvariantCulture, $"C{index + 1:D7}");

    public static DemoCustomer Draw(long seed, int index, int days, double rateScale)
    {
        var random = DemoRandom.For(seed, Streams.Customer, index);
        var affinity = new double[DemoWords.Categories.Length];
        var sum = 0.0;
        for (var c = 0; c < affinity.Length; c++)
            sum += affinity[c] = random.Gamma(0.18 * DemoWords.Categories[c].Popularity) + 1e-4;
        for (var c = 0; c < affinity.Length; c++)
            affinity[c] /= sum;

        // A third was there before the history begins; then the shop grows a little from month to month.
        var joined = random.Chance(0.3) ? -500 * random.Uniform() : days * Math.Sqrt((random.Uniform() * 0.84) + 0.16) * 1.667 - (days * 0.667);
        var temperament = random.Pick([0.28, 0.54, 0.18]) switch { 0 => Temperament.Sure, 1 => Temperament.Persuadable, _ => Temperament.Annoyed };
        var vigour = random.Gamma(1.6) / 1.6;
        var sensitivity = temperament switch
        {
            Temperament.Sure => 0.02 + (0.25 * random.Uniform()),
            Temperament.Persuadable => 0.35 + (0.6 * random.Uniform()),
            _ => 0.1 + (0.4 * random.Uniform()),
        };
        var (visits, carts) = temperament switch
        {
            Temperament.Sure => (0.016, 0.10),
            Temperament.Persuadable => (0.050, 0.38),
            _ => (0.004, 0.03),
        };
        var channel = random.Pick(temperament == Temperament.Annoyed ? [0.30, 0.22, 0.33, 0.15] : [0.48, 0.29, 0.16, 0.07]);
        return new DemoCustomer
        {
            Index = index,
            Joined = joined,
            Drifted = joined + (420 * random.Exponential()) + 25,
            Rate = rateScale * vigour * temperament switch { Temperament.Sure => 1.25, Temperament.Persuadable => 0.85, _ => 1.05 },
            Basket = Math.Exp(Math.Log(17_500) + (0.45 * random.Normal())),
            Affinity = affinity,
            Sensitivity = sensitivity,
            Temperament = temperament,
            Visits = visits * Math.Sqrt(vigour + 0.2) * Math.Exp(0.25 * random.Normal()),
            Carts = carts,
            Habit = random.Pick([0.3, 0.5, 0.2]),
            RatingBias = (temperament == Temperament.Annoyed ? -0.9 : 0.1) + (0.3 * random.Normal()),
            Region = Regions[random.Pick(RegionWeights)],
            Channel = Channels[channel],
            Device = channel == 2 ? Devices[random.Chance(0.75) ? 2 : 0] : Devices[random.Chance(0.42) ? 1 : 0],
        };
    }
}
