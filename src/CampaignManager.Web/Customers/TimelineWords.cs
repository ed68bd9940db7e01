using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Customers;

internal static class TimelineWords
{
    /// <summary>The arm of an experiment, or that it is not said yet.</summary>
    public static string Arm(string? arm, IStringLocalizer<CustomerTexts> texts) => arm switch
    {
        null => texts["ArmHidden"],
        "0" => texts["ArmControl"],
        "1" => texts["ArmTreated"],
        _ => texts["ArmNumber", arm],
    };
}
