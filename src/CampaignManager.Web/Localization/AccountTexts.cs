namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of account pages.</summary>
public sealed class AccountTexts;
