namespace CampaignManager.Web.Shared;

/// <summary>Marks the sentences of failures that no feature says in words of its own.</summary>
public sealed class FailureTexts;
