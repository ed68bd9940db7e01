using CampaignManager.Application.Audiences;
using CampaignManager.Application.Behaviour;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Planning;

/// <summary>
/// The shop's customers as of now, in columns, at most <see cref="Cap"/> of them (picked by hash; each then stands for <see cref="Weight"/> customers).
/// </summary>
public sealed class AudienceSample
{
    public const int Cap = 40_000;

    public required IReadOnlyList<string> Categories { get; init; }

    public required int[] Lifecycle { get; init; }

    /// <summary>Index of the favourite category; −1 for none.</summary>
    public required int[] Favourite { get; init; }

    /// <summary>Row-major: customers × categories.</summary>
    public required float[] Affinity { get; init; }

    public required double[] UsualBasket { get; init; }

    public required double[] DiscountShare { get; init; }

    /// <summary>NaN without an order.</summary>
    public required double[] RecencyDays { get; init; }

    public required double[] Orders { get; init; }

    public required double[] Views30 { get; init; }

    public required double[] Carts30 { get; init; }

    /// <summary>Which of <see cref="UpliftSegments"/>.</summary>
    public required int[] Uplift { get; init; }

    public required string[] Region { get; init; }

    public required string[] Channel { get; init; }

    /// <summary>Customers each row stands for.</summary>
    public required double Weight { get; init; }

    public int Count => Lifecycle.Length;

    public ReadOnlySpan<float> AffinityOf(int customer) => Affinity.AsSpan(customer * Categories.Count, Categories.Count);

    /// <summary>Whether a customer is in the audience.</summary>
    public bool Matches(int i, Audience audience) => audience.Matches(new Member(this, i));

    private readonly struct Member(AudienceSample sample, int i) : IAudienceMember
    {
        private readonly CustomerSegments segments = new(
            Segments.LifecycleKeys[sample.Lifecycle[i]],
            sample.Favourite[i] >= 0 ? Segments.FavouritePrefix + sample.Categories[sample.Favourite[i]] : null,
            sample.Uplift[i]);

        public bool? IsNew => sample.Orders[i] == 0;

        public string? Channel => sample.Channel[i];

        public string? Region => sample.Region[i];

        public bool IsIn(string segment) => segments.IsIn(segment);
    }
}
