namespace CampaignManager.Web.Accounts;

/// <summary>Marks the texts of account pages.</summary>
public sealed class AccountTexts;
