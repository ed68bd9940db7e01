using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Writing;
using CampaignManager.Application.Tests.ShopData.Writing;

namespace CampaignManager.Application.Tests.Experiments.Enrolment;

/// <summary>Two who opted out, a robot, and one whom nothing keeps out.</summary>
internal static class PeopleWhoStayOut
{
    public static Task BringAsync(AnEnrolment shop)
    {
        var at = new DateTime(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc);
        ReadRow[] rows =
        [
            new CustomerRow("C-mail", 0) { OptOutMarketing = true }, new CustomerRow("C-person", 1) { OptOutPersonalisation = true }, new CustomerRow("C-plain", 2) { OptOutMarketing = false },
            // More than a hundred things in ten minutes.
            .. Enumerable.Range(0, 300).Select(i => AWriter.View($"E{i}", "C-robot", at.AddSeconds(i))),
        ];
        return new ShopWriter(shop.Lake, TimeProvider.System).WriteAsync(
            new ImportSource(Guid.NewGuid(), "shop", at), rows, new AWriter.Heard(), null, TestContext.Current.CancellationToken);
    }
}
