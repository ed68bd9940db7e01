namespace CampaignManager.Web.Access;

/// <summary>Policies beside the three roles.</summary>
public static class Policies
{
    /// <summary>Anyone with a role.</summary>
    public const string Staff = "Staff";

    /// <summary>Admins, and whoever they granted to see customers.</summary>
    public const string Customers = "Customers";

    /// <summary>Managers and admins: who answers for what the shop spends, and for what it runs on.</summary>
    public const string Lead = "Lead";
}
