using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace CampaignManager.Application.Tests;

/// <summary>Clocks that stand until a test moves them; their timers fire as they are passed.</summary>
internal static class Clocks
{
    public static FakeTimeProvider At(string moment) => new(Moment(moment));

    public static void Set(this FakeTimeProvider clock, string moment) => clock.SetUtcNow(Moment(moment));

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
